"""Which files can be prediction sets, by their names and the types under which they are sent."""

FORMATS = "a CSV, TSV or JSONL file in UTF-8"
# Under which types files are sent, and how the names of such files end.
_TYPES = {
    "text/csv": ".csv",
    "text/tab-separated-values": ".tsv",
    **dict.fromkeys(("application/jsonl", "application/x-jsonlines", "application/json-lines"), ".jsonl"),
    **dict.fromkeys(("application/x-ndjson", "application/ndjson", "application/x-jsonl"), ".jsonl"),
}
_PACKED = (".gz", ".zip", ".bz2", ".xz", ".zst", ".7z", ".tar", ".tgz", ".rar")
_SHEETS = (".xlsx", ".xls", ".xlsm", ".xlsb", ".ods", ".numbers")
_BINARY = (".pkl", ".pickle", ".joblib", ".npy", ".npz", ".feather", ".arrow", ".avro", ".orc", ".h5", ".hdf5")


def is_prediction_file(name: str) -> bool:
    """Whether a file of that name can be a prediction set."""
    return name.lower().endswith((".csv", ".tsv", ".jsonl", ".ndjson", ".json", ".parquet"))


def is_meant_as_one(name: str) -> bool:
    """Whether a file of that name is one, or would be if it were not packed (`v1.csv.gz`)."""
    end = next((end for end in _PACKED if name.lower().endswith(end)), "")
    return is_prediction_file(name.lower().removesuffix(end))


def why_unread(name: str) -> str:
    """Why a file of that name, which may be meant as a prediction set, is not even looked at, and what to drop instead.
    Empty for one that is read, and for what nobody means as one: a picture, a paper, notes."""
    if name.lower().endswith(_PACKED):
        return f"It is packed: unpack it, and drop {FORMATS}."
    if name.lower().endswith(_SHEETS):
        return f"It is a spreadsheet: save it as {FORMATS}, and drop that."
    if name.lower().endswith(_BINARY):
        return f"It is a binary file: write its rows as {FORMATS}, and drop that."
    return ""


def kind_named(name: str, content_type: str) -> str:
    """The name under which a file that was sent as `content_type` is read as what it is; most types tell nothing."""
    end = _TYPES.get(content_type.partition(";")[0].strip().lower(), "")
    return name if name.lower().endswith(end) else name + end
