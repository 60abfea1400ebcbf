# Writes the files haven* beside this script: Rscript make.R
# R 4.2.2, haven 2.5.1.
library(haven)
x <- data.frame(id = c(1, 2, -3.5, NA), city = c("Köln", "", "a", "Köln"))
attr(x$id, "label") <- strrep("A long label ", 10)
x$day <- as.Date(c("2018-05-06", NA, "1959-12-31", "1970-01-01"))
x$at <- as.POSIXct(c("2018-05-06 10:10:10", NA, "1959-12-31 00:00:00", "1969-12-31 23:59:59"), tz = "UTC")
write_xpt(x, "haven5.xpt", version = 5, label = "Small")
x$averylongvariablename <- c(1e-70, 1e70, 0.1, -pi)
x$tag <- c(tagged_na("A"), tagged_na("Z"), 0, NA)
write_xpt(x, "haven8.xpt", version = 8, label = "Small")
suppressWarnings(write_sas(x, "haven.sas7bdat"))
