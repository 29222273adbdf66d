package lower

// Exploring is opt with a bound on what an open program explores at first.
func Exploring(opt Options, states int) Options {
	opt.budget = states
	return opt
}
