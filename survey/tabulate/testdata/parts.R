# The change from 2008 to 2011 of a share and its two parts, from the totals of
# the cells of age by gender. Run in this folder: Rscript parts.R
# Made with R 4.2.2, survey 4.1.1.
suppressMessages(library(survey))
d <- read.csv("../../../datasets/reference/twostage.csv")
d$y <- d$concern_identity >= 4
d$cell <- as.integer(factor(paste(d$age_bracket, d$gender)))
columns <- NULL
for (w in c(2008, 2011)) for (g in 1:12) {
  inside <- d$wave == w & d$cell == g & !is.na(d$y)
  d[[paste0("s", w, "_", g)]] <- as.numeric(inside & d$y %in% TRUE)
  d[[paste0("b", w, "_", g)]] <- as.numeric(inside)
  columns <- c(columns, paste0("s", w, "_", g), paste0("b", w, "_", g))
}
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = d, nest = TRUE)
totals <- svytotal(reformulate(columns), design)
add <- function(x) paste0("(", paste(x, collapse = " + "), ")")
name <- function(kind, w) paste0(kind, w, "_", 1:12)
before <- paste(add(name("s", 2008)), "/", add(name("b", 2008)))
after <- paste(add(name("s", 2011)), "/", add(name("b", 2011)))
standard <- add(paste0(name("b", 2008), " / ", add(name("b", 2008)), " * ", name("s", 2011), " / ", name("b", 2011)))
for (part in c(paste(after, "- (", before, ")"), paste(after, "-", standard), paste(standard, "- (", before, ")"))) {
  contrast <- eval(substitute(svycontrast(totals, quote(e)), list(e = parse(text = part)[[1]])))
  cat(format(c(coef(contrast), SE(contrast)), digits = 15), "\n")
}
