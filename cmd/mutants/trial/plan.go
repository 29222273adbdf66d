package trial

// plans are the packages whose tests are run against mutants of a package, from the likeliest and
// fastest on. A package that is not listed has its own tests only.
var plans = map[string][]string{
	"model": {
		"./model/...", "./checker/search", "./checker/lockorder", "./scenarios", "./csource/lower",
		"./csource/interp", "./checker/conform",
	},
	"checker/search": {
		"./checker/search", "./checker/lockorder", "./scenarios", "./csource/lower", "./checker/conform", "./reports",
	},
	"csource/lower":  {"./csource/lower", "./csource/interp", "./scenarios", "./csource/difftest", "./checker/search"},
	"csource/syntax": {"./csource/syntax", "./csource/lower", "./csource/interp", "./scenarios"},
	"checker/linear": {"./checker/linear", "./checker/schedule"},
	"driver":         {"./driver", "./checker/schedule", "./checker/stress", "./checker/conform"},
}

// Plan is the packages, as patterns, whose tests are run against mutants of the package in dir.
func Plan(dir string) []string {
	if p := plans[dir]; p != nil {
		return p
	}
	return []string{"./" + dir}
}
