# Writes the files haven*.dta beside this script: Rscript make.R
# R 4.2.2, haven 2.5.1. Versions 8 to 15 of Stata are the formats 113 to 119.
library(haven)
x <- data.frame(id = 1:4)
x$agree <- labelled(c(1, 2, tagged_na("a"), NA), c(Yes = 1, No = 2, Refused = tagged_na("a")), label = "Do you agree?")
x$income <- c(-1.5, 1e10, tagged_na("z"), 0.1)
x$city <- c("Köln", "", "Zürich", "Köln")
x$day <- as.Date(c("2018-05-06", "1959-12-31", NA, "1970-01-01"))
x$at <- as.POSIXct(c("2018-05-06 10:10:10", "1960-01-01 00:00:00", NA, "1969-12-31 23:59:59"), tz = "UTC")
attr(x$id, "label") <- "Nummer für alle"
long <- cbind(x, story = c(strrep("long ", 600), "short", "", strrep("long ", 600)))
for (version in c(8, 10, 12)) write_dta(x, sprintf("haven-%d.dta", version), version = version, label = "Small")
for (version in c(13, 14, 15)) write_dta(long, sprintf("haven-%d.dta", version), version = version, label = "Small")
