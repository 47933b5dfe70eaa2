//! How a language writes numbers, percentages, dates, ranges, lists and plurals, and its fixed phrases. Below every stage.
