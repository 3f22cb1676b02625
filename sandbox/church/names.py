"""Names, streets and towns for invented people; phone numbers and mail domains are reserved for fiction."""

from __future__ import annotations

import unicodedata

FIRST_NAMES = (
    *("Aaron", "Abigail", "Adaeze", "Agnieszka", "Aisha", "Alejandro", "Amara", "Ana", "Andre", "Anjali"),
    *("Anneke", "Arjun", "Beatriz", "Benjamin", "Bao", "Camila", "Caleb", "Chidi", "Chloe", "Daniel"),
    *("Dae", "Deborah", "Diego", "Eleni", "Elijah", "Emeka", "Emma", "Esther", "Fatima", "Felix"),
    *("Gabriela", "Grace", "Hana", "Hannah", "Hiroshi", "Imani", "Isaac", "Ivana", "Jamal", "Jasmine"),
    *("Joao", "Joel", "Josephine", "Julia", "Kavita", "Kenji", "Kwame", "Leah", "Liam", "Linh"),
    *("Lucia", "Lydia", "Malik", "Marek", "Maria", "Mateo", "Mei", "Micah", "Miriam", "Nadia"),
    *("Naomi", "Nathan", "Ngozi", "Noah", "Olivia", "Omar", "Paul", "Petra", "Priya", "Rachel"),
    *("Rebecca", "Rohan", "Ruth", "Samuel", "Santiago", "Sarah", "Seo", "Silas", "Sofia", "Stefan"),
    *("Tabitha", "Tamika", "Teresa", "Thabo", "Thomas", "Tobias", "Valentina", "Viktor", "Wei", "Yusuf"),
)
LAST_NAMES = (
    *("Abbott", "Achebe", "Adeyemi", "Alvarez", "Andersen", "Anderson", "Bailey", "Bakker", "Banerjee"),
    *("Becker", "Bennett", "Bianchi", "Brooks", "Brown", "Campbell", "Carter", "Castillo", "Chen", "Choi"),
    *("Clark", "Cohen", "Costa", "Cruz", "Davis", "Delgado", "Diaz", "Dubois", "Edwards", "Eze", "Farah"),
    *("Fischer", "Flores", "Foster", "Garcia", "Gonzales", "Green", "Gupta", "Haddad", "Hall", "Harris"),
    *("Hernandez", "Hill", "Hoang", "Hughes", "Ibrahim", "Ito", "Jackson", "Jansen", "Johnson", "Kaya"),
    *("Kim", "Kowalski", "Kumar", "Larsen", "Lee", "Lewis", "Lopez", "Mensah", "Meyer", "Miller", "Moore"),
    *("Morales", "Moreno", "Murphy", "Mwangi", "Nakamura", "Nelson", "Nguyen", "Novak", "Okafor", "Olsen"),
    *("Ortiz", "Osei", "Park", "Patel", "Pereira", "Petrov", "Pham", "Popescu", "Reed", "Reyes", "Rivera"),
    *("Robinson", "Rossi", "Santos", "Sato", "Schmidt", "Silva", "Singh", "Smith", "Suzuki", "Taylor"),
    *("Thompson", "Torres", "Tran", "Turner", "Van Dyk", "Vargas", "Walker", "Wang", "White", "Williams"),
    *("Wilson", "Wright", "Yamamoto", "Yilmaz", "Young", "Zhang", "Zimmermann"),
)
WITH_DIACRITICS = (
    ("José", "Núñez"),
    ("Zoë", "Håkansson"),
    ("François", "Lefèvre"),
    ("Łukasz", "Wójcik"),
    ("Márta", "Szabó"),
    ("Søren", "Møller"),
)
DIACRITICS_DROPPED = ("Hélène", "Gaël")
COMPANY = "Harbor Light Plumbing LLC"
STREETS = (
    *("Alder Way", "Birch Street", "Cedar Lane", "Chapel Road", "Garden Street", "Juniper Court"),
    *("Lake Avenue", "Maple Drive", "Mill Road", "North Prairie Road", "Orchard Lane", "Quarry Street"),
    *("River Road", "Second Street", "Station Street", "Willow Court"),
)
TOWNS = (("Fairhaven", "60990"), ("Cedar Point", "60991"), ("Mill Creek", "60992"), ("New Salem", "60993"))
STATE = "IL"
AREA_CODES = (
    *("217", "224", "309", "312", "331", "447", "464", "618", "630", "708", "730", "773"),
    "815",
    "847",
)
MAIL_DOMAINS = ("example.com", "example.net", "example.org")
FICTION_NUMBERS = 100
"""In each area code the numbers 555-0100 to 555-0199 belong to nobody."""


def plain(text: str) -> str:
    """Return the text in ASCII letters, for a mail address."""
    text = text.translate(str.maketrans("ŁłØø", "LlOo"))
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def phone(number: int) -> str:
    """Return the nth invented phone number, digits only, as WeGive has them (wegive-api.md 4.1)."""
    area = AREA_CODES[number // FICTION_NUMBERS % len(AREA_CODES)]
    return f"{area}5550{100 + number % FICTION_NUMBERS}"
