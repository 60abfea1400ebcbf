# Ratios of two shares on the log: limits by gender and age, the differences of two
# columns, which are everybody, and the change from 2008 to 2011.
# Run in this folder: Rscript ratios.R > ratios.csv
# Made with R 4.2.2, survey 4.1.1.
#
# above: concern_identity >= 3 among those who answered it, below: concern_selfid
# >= 3 among those who answered that. Each share is a ratio of totals over everybody,
# so that svycontrast has their joint covariance.
suppressMessages(library(survey))
two <- read.csv("../../../datasets/reference/twostage.csv")
terms <- function(name, rows) {
  for (v in c("identity", "selfid")) {
    x <- two[[paste0("concern_", v)]]
    two[[paste(name, v, "base", sep = "_")]] <<- as.numeric(rows & !is.na(x))
    two[[paste(name, v, "yes", sep = "_")]] <<- as.numeric(rows & !is.na(x) & x >= 3)
  }
}
sides <- list(all = TRUE, male = two$gender == "male", female = two$gender == "female",
              w2008 = two$wave == 2008, w2011 = two$wave == 2011)
sides <- lapply(sides, function(s) rep_len(s & !is.na(s), nrow(two)))
for (s in names(sides)) terms(s, sides[[s]])
columns <- paste(rep(names(sides), each = 4), c("identity_yes", "identity_base", "selfid_yes", "selfid_base"), sep = "_")
design <- svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = two, nest = TRUE)
totals <- svytotal(as.formula(paste("~", paste(columns, collapse = "+"))), design)
ratio <- function(s) parse(text = sprintf("(%1$s_identity_yes/%1$s_identity_base)/(%1$s_selfid_yes/%1$s_selfid_base)", s))[[1]]
contrast <- function(e) { x <- svycontrast(totals, list(x = e)); c(coef(x), SE(x)) }
df <- function(rows) degf(subset(design, rows & (!is.na(two$concern_identity) | !is.na(two$concern_selfid))))
cat("what,value,se,log,log_se,df\n")
show <- function(what, plain, log, df) cat(sprintf("%s,%s\n", what, paste(sprintf("%.15g", c(contrast(plain), contrast(log), df)), collapse = ",")))
for (s in names(sides)) show(s, ratio(s), bquote(log(.(ratio(s)))), df(sides[[s]]))
for (p in list(c("female", "male"), c("w2011", "w2008")))
  show(paste(p, collapse = "-"), bquote(.(ratio(p[1])) - .(ratio(p[2]))), bquote(log(.(ratio(p[1]))) - log(.(ratio(p[2])))),
       df(sides[[p[1]]] | sides[[p[2]]]))
