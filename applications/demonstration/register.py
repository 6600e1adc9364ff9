"""The register of the demonstration: fictitious clusters, one on each side of every line the register draws."""

from datetime import date

from ..services import register

# name, name in Arabic, acronym, region, sector, periods (first day, last day, reference)
CLUSTERS = (
    (
        "Pôle fictif Argan-Démo", "قطب تجريبي أركان", "PFA", "MA-09", "C",
        ((date(2014, 3, 1), date(2018, 2, 28), "CP-DÉMO 1/2014"), (date(2018, 3, 1), date(2022, 2, 28), "CP-DÉMO 2/2018")),
    ),
    (
        "Pôle fictif Zellige-Démo", "قطب تجريبي زليج", "PFZ", "MA-03", "C",
        ((date(2014, 3, 1), date(2022, 3, 1), "CP-DÉMO 3/2014"),),
    ),
    ("Cluster fictif Câblage-Démo", "قطب تجريبي الأسلاك", "CFC", "MA-01", "C", ((date(2022, 1, 1), date(2026, 12, 31), "CP-DÉMO 4/2022"),)),
    (
        "Cluster fictif Énergies-Démo", "قطب تجريبي الطاقات", "CFE", "MA-08", "D",
        ((date(2012, 1, 1), date(2016, 12, 31), "CP-DÉMO 5/2012"), (date(2019, 6, 1), date(2024, 5, 31), "CP-DÉMO 6/2019")),
    ),
    (
        "Cluster fictif Numérique-Démo", "قطب تجريبي الرقميات", "CFN", "MA-04", "J",
        ((date(2024, 1, 1), date(2028, 12, 31), "CP-DÉMO 7/2024"),),
    ),
    ("Pôle fictif Safran-Démo", "قطب تجريبي الزعفران", "PFS", "MA-08", "A", ()),
)  # fmt: skip


def load_register(*, actor) -> None:
    """Enter the fictitious clusters through the services, each with its periods."""
    for name_fr, name_ar, acronym, region, sector, periods in CLUSTERS:
        cluster = register.save_cluster(
            actor=actor, name_fr=name_fr, name_ar=name_ar, acronym=acronym, region=region, nma_section=sector,
            labelled_on=periods[0][0] if periods else None, remarks="Donnée fictive de démonstration.",
        )  # fmt: skip
        for first, last, reference in periods:
            register.save_period(cluster=cluster, actor=actor, starts_on=first, ends_on=last, contract_reference=reference)
