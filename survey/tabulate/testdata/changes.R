# Changes of figures that are no shares or means: from 2008 to 2011 by the design
# of datasets/reference/twostage.csv, from men to women by the BRR weights of
# replicates.csv.
# Run in this folder: Rscript changes.R > changes.json
# Made with R 4.2.2, survey 4.1.1.
#
# Standard deviations and correlations are contrasts of totals. A change of
# medians has no call of its own: with the share F_t(q_t) of each side up to its
# quantile, and f_t = SE(F_t)/SE(q_t) by Woodruff's interval, its variance is that
# of F_1/f_1 - F_2/f_2, from the joint covariance of the two shares.
source("figures_of_sides.R")
two <- read.csv("../../../datasets/reference/twostage.csv")
two$side <- ifelse(two$wave == 2008, 1, 2)
two <- prepare(two)
rep <- read.csv("../../../datasets/reference/replicates.csv")
rep$side <- ifelse(rep$gender == "male", 1, 2)
rep <- prepare(rep)
out <- list(
  twostage = figures(two, svydesign(ids = ~psu, strata = ~stratum, weights = ~weight, data = two, nest = TRUE)),
  brr = figures(rep, svrepdesign(data = rep, weights = ~weight, repweights = "brr_[0-9]+", type = "BRR", combined.weights = TRUE)))
json <- function(m) paste(sprintf('    "%s": [%.15g, %.15g]', rownames(m), m[, 1], m[, 2]), collapse = ",\n")
cat(sprintf('{\n  "source": "%s, survey %s",\n  "twostage": {\n%s\n  },\n  "brr": {\n%s\n  }\n}\n', R.version$version.string, packageVersion("survey"), json(out$twostage), json(out$brr)))
