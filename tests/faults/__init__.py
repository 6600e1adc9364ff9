"""What breaks breaks here on purpose: nothing is lost, nothing happens twice, and the person is told in words."""
