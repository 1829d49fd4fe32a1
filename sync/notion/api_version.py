"""The version of Notion's API that every body and answer here is written for."""

API_VERSION = "2026-03-11"
