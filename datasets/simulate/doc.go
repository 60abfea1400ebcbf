// Package simulate makes the founding example: two waves, 2008 and 2011, of a
// survey on personal data that nobody ever answered. Every share of the
// simulated population is known exactly (see [TruthOf]), so what an estimator
// says about the sample can be held against what is so.
//
// How a respondent comes about: strata are regions by area, each with some
// fifty recruitment sites (the PSUs). Every respondent has two traits, concern
// and commerce, standard normal, partly shared by the people of a site. An
// answer is a latent normal, loaded on one trait, cut at thresholds:
//
//	z = λ·trait + √(1-λ²)·e,  category k where Φ⁻¹(F(k-1)) < z ≤ Φ⁻¹(F(k))
//
// so that each answer has exactly the share that the questionnaire gives it in
// its wave, country and age bracket, whatever λ and the sites do, while answers
// and neighbours hang together. Everything is drawn by one seeded generator a
// wave, in one order: the same options give the same bytes on any machine.
package simulate
