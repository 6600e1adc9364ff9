"""Acts done at the same instant, each on its own connection: two tabs, two people."""

from threading import Barrier, Thread

from django.db import connection


def together(*acts, refusals):
    """Run the acts at once; returns what each gave, or the refusal (of the ``refusals`` types) it met. Anything else raised fails here."""
    gate, outcomes, faults = Barrier(len(acts)), [None] * len(acts), []

    def run(index, act):
        try:
            gate.wait(20)
            outcomes[index] = act()
        except refusals as refusal:
            outcomes[index] = refusal
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    if faults:
        raise faults[0]
    return outcomes
