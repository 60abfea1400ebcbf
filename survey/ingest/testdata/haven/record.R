# What R haven reads in the survey files that are no part of this repository: rows,
# and of each variable the number of values, their sum and a checksum of its
# dictionary, so that no text of theirs stands here.
#
#   Rscript record.R ../../../../../shared/data > haven.json
suppressMessages(library(haven))
root <- commandArgs(TRUE)[1]
number <- function(x) sprintf("%.15g", x)
md5 <- function(texts) {
  folder <- tempfile(); dir.create(folder)
  paths <- file.path(folder, seq_along(texts))
  for (i in seq_along(texts)) { con <- file(paths[i], "wb"); writeBin(charToRaw(enc2utf8(texts[i])), con); close(con) }
  unname(tools::md5sum(paths))
}
trimmed <- function(s) sub("[ ]+$", "", s)
dictionary <- function(name, v) {
  labels <- attr(v, "labels", exact = TRUE)
  if (is.numeric(labels)) labels <- labels[!is.na(labels)]
  codes <- if (length(labels) == 0) character(0) else
    paste0(if (is.numeric(labels)) number(as.numeric(labels)) else trimmed(as.character(labels)), "=", trimmed(names(labels)))
  missing <- attr(v, "na_values", exact = TRUE)
  missing <- if (is.null(missing)) character(0) else if (is.numeric(missing)) number(missing) else trimmed(missing)
  range <- attr(v, "na_range", exact = TRUE)
  if (!is.null(range)) missing <- c(missing, paste0(number(range[1]), "..", number(range[2])))
  label <- attr(v, "label", exact = TRUE)
  paste(c(name, trimmed(if (is.null(label)) "" else label), sort(codes, method = "radix"), "missing", sort(missing, method = "radix")), collapse = "\n")
}
quoted <- function(s) paste0('"', gsub('"', '\\"', gsub("\\", "\\\\", s, fixed = TRUE), fixed = TRUE), '"')
record <- function(path, catalog) {
  full <- file.path(root, path)
  ending <- tolower(tools::file_ext(path))
  t <- tryCatch(switch(ending,
    sav = , zsav = read_sav(full, user_na = TRUE), por = read_por(full, user_na = TRUE), dta = read_dta(full),
    sas7bdat = read_sas(full, catalog), xpt = , xpt5 = , xpt8 = read_xpt(full)), error = function(e) NULL)
  head <- paste0('{"file":', quoted(path), if (!is.null(catalog)) paste0(',"catalog":', quoted(sub(paste0(root, "/"), "", catalog, fixed = TRUE))))
  if (is.null(t)) return(paste0(head, ',"refused":true}'))
  sums <- md5(mapply(dictionary, names(t), t))
  one <- function(v, sum) {
    if (is.character(v)) v <- as.character(unclass(v))
    if (is.character(v)) return(sprintf('{"dictionary":"%s","valid":%d,"characters":%d}', sum, sum(!is.na(v) & trimmed(v) != ""), sum(nchar(trimmed(v[!is.na(v)]), "chars"))))
    x <- as.numeric(unclass(v))
    if (inherits(v, "difftime")) x <- as.numeric(v, units = "secs")
    sprintf('{"dictionary":"%s","valid":%d,"sum":%s}', sum, sum(!is.na(x)), sprintf("%.17g", sum(x[!is.na(x)])))
  }
  variables <- if (ncol(t) == 0) "" else paste(mapply(one, t, sums), collapse = ",\n  ")
  paste0(head, ',"rows":', nrow(t), ',"variables":[\n  ', variables, "]}")
}
files <- sort(list.files(root, pattern = "\\.(sav|zsav|por|dta|sas7bdat|xpt|xpt5|xpt8)$", recursive = TRUE), method = "radix")
catalogs <- c("formats/haven/hadley.sas7bdat" = "formats/haven/formats.sas7bcat", "formats/haven/tagged-na.sas7bdat" = "formats/haven/tagged-na.sas7bcat",
  "formats/pyreadstat/missing_test.sas7bdat" = "formats/pyreadstat/missing_formats.sas7bcat",
  "formats/pyreadstat/test_data_win.sas7bdat" = "formats/pyreadstat/test_formats_win.sas7bcat",
  "formats/pyreadstat/test_data_linux.sas7bdat" = "formats/pyreadstat/test_formats_linux.sas7bcat")
lines <- sapply(files, function(f) record(f, if (f %in% names(catalogs)) file.path(root, catalogs[[f]]) else NULL))
cat('{"program":"R haven ', as.character(packageVersion("haven")), '","files":[\n', paste(lines, collapse = ",\n"), "\n]}\n", sep = "")
