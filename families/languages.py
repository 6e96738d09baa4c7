"""Languages as they are offered: by name, with the NHS's code.

The NHS Data Dictionary's LANGUAGE CODE is ISO 639-1 with a few codes of its own (q1 to q5) for what is signed or
touched. A name that is not here is kept as it was typed: a family's language is never rounded to a known one.
"""

from __future__ import annotations

CODES: dict[str, str] = {
    "English": "en", "Welsh": "cy", "Gaelic": "gd", "Irish": "ga",
    "British Sign Language": "q4", "Makaton": "q5", "American Sign Language": "q2", "Australian Sign Language": "q3",
    "Afrikaans": "af", "Akan": "ak", "Albanian": "sq", "Amharic": "am", "Arabic": "ar", "Armenian": "hy",
    "Azerbaijani": "az", "Basque": "eu", "Belarusian": "be", "Bengali": "bn", "Bosnian": "bs", "Bulgarian": "bg",
    "Burmese": "my", "Catalan": "ca", "Chichewa": "ny", "Chinese": "zh", "Croatian": "hr", "Czech": "cs",
    "Danish": "da", "Dari": "fa", "Dutch": "nl", "Estonian": "et", "Ewe": "ee", "Farsi": "fa", "Finnish": "fi",
    "French": "fr", "Fulah": "ff", "Ganda": "lg", "Georgian": "ka", "German": "de", "Greek": "el", "Gujarati": "gu",
    "Haitian Creole": "ht", "Hausa": "ha", "Hebrew": "he", "Hindi": "hi", "Hungarian": "hu", "Icelandic": "is",
    "Igbo": "ig", "Indonesian": "id", "Italian": "it", "Japanese": "ja", "Kannada": "kn", "Kazakh": "kk",
    "Khmer": "km", "Kikuyu": "ki", "Kinyarwanda": "rw", "Korean": "ko", "Kurdish": "ku", "Lao": "lo",
    "Latvian": "lv", "Lingala": "ln", "Lithuanian": "lt", "Macedonian": "mk", "Malagasy": "mg", "Malay": "ms",
    "Malayalam": "ml", "Maltese": "mt", "Marathi": "mr", "Moldovan": "ro", "Mongolian": "mn", "Ndebele": "nd",
    "Nepali": "ne", "Norwegian": "no", "Oromo": "om", "Panjabi": "pa", "Pashto": "ps", "Polish": "pl",
    "Portuguese": "pt", "Romanian": "ro", "Rundi": "rn", "Russian": "ru", "Serbian": "sr", "Shona": "sn",
    "Sindhi": "sd", "Sinhala": "si", "Slovak": "sk", "Slovenian": "sl", "Somali": "so", "Spanish": "es",
    "Sundanese": "su", "Swahili": "sw", "Swati": "ss", "Swedish": "sv", "Tagalog": "tl", "Tajik": "tg", "Tamil": "ta",
    "Telugu": "te", "Thai": "th", "Tigrinya": "ti", "Tswana": "tn", "Turkish": "tr", "Turkmen": "tk", "Twi": "tw",
    "Ukrainian": "uk", "Urdu": "ur", "Uzbek": "uz", "Vietnamese": "vi", "Wolof": "wo", "Xhosa": "xh",
    "Yiddish": "yi", "Yoruba": "yo", "Zulu": "zu",
}  # fmt: skip

# What people say for a language that is listed under another name.
ALSO = {
    "bsl": "British Sign Language",
    "cantonese": "Chinese",
    "mandarin": "Chinese",
    "filipino": "Tagalog",
    "kirundi": "Rundi",
    "luganda": "Ganda",
    "persian": "Farsi",
    "punjabi": "Panjabi",
    "sylheti": "Bengali",
}
_BY_LOWER = {name.lower(): name for name in CODES}


def as_listed(text: str) -> str:
    """A typed language in the spelling of the list ("polish" → "Polish"); one that is not listed stays as typed.

    A name of ``ALSO`` stays too: an interpreter for Cantonese is not one for Mandarin.
    """
    return _BY_LOWER.get(text.strip().lower(), text.strip())


def code_of(name: str) -> str:
    """The NHS code of a language; empty when there is none for it."""
    lower = name.strip().lower()
    return CODES.get(_BY_LOWER.get(lower, "") or ALSO.get(lower, ""), "")


OFFERED = sorted({*CODES, "Cantonese", "Mandarin", "Sylheti"})
