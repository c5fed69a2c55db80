"""Tables in and out: CSV, XLSX, JSON, parquet and VUM, and rows to and from domain values."""
