package crosscheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// names gives everything in a program an identifier that both languages accept and that is used
// once.
type names struct {
	locks, conds, vars []code
	used               map[code]bool
	tried              map[code]int // by identifier without its number: how many numbers are gone
}

// maxName bounds the letters of an identifier. SPIN 6.5.2 keeps a word in 2,048 bytes and writes on
// when it is longer.
const maxName = 40

func newNames(p *model.Program) *names {
	n := &names{used: map[code]bool{}, tried: map[code]int{}}
	for i := range p.Locks {
		n.locks = append(n.locks, n.unique(p.Locks[i].Name))
	}
	for i := range p.Vars {
		n.vars = append(n.vars, n.unique(p.Vars[i].Name))
	}
	for i := range p.Conds {
		n.conds = append(n.conds, n.unique(p.Conds[i].Name))
	}
	return n
}

// unique makes an identifier of a name, with a number when it is taken. It ends with an underscore,
// and no word of Promela, TLA+, C, this package, or the headers with which SPIN's verifier is
// compiled does; [words] has the exceptions.
func (n *names) unique(name string) code {
	stem := code(letters(name, maxName))
	id := stem + "_"
	for n.used[id] {
		n.tried[stem]++
		id = codef("%s_%s_", stem, num(n.tried[stem]+1))
	}
	n.used[id] = true
	return id
}

// words would, with an underscore, be Promela's np_, SPIN's rv_, and TLA+'s WF_ and SF_, which are
// words at the beginning of others too.
var words = regexp.MustCompile(`^(np$|rv$|WF$|SF$|WF_|SF_|[0-9]|$)`)

// letters replaces what is not a letter or a digit by single underscores, and takes no more than
// most of a name.
func letters(name string, most int) string {
	var b []byte
	for _, r := range name {
		if len(b) == most {
			break
		}
		switch {
		case r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9':
			b = append(b, byte(r))
		case len(b) > 0 && b[len(b)-1] != '_':
			b = append(b, '_')
		}
	}
	id := strings.TrimSuffix(string(b), "_")
	if words.MatchString(id) {
		return "x" + id
	}
	return id
}

// isLocation matches the names of locations.
var isLocation = regexp.MustCompile(`^(progress_)?(end_)?L[0-9]+$`)

// macros are the names of the kinds in Promela, and quoted those in TLA+.
var macros, quoted = func() (m, q map[model.Kind]code) {
	m, q = map[model.Kind]code{}, map[model.Kind]code{}
	for _, k := range numbered {
		m[k] = code(strings.ToUpper(strings.ReplaceAll(string(k), "-", "_")))
		q[k] = code(`"` + k + `"`)
	}
	q[""] = `"none"`
	return m, q
}()

// maxModule bounds the letters of a module's name, which is a file's name too.
const maxModule = 100

// A module's name may not be one of the words of TLA+, nor that of a module which ours extends.
var notModules = strings.Fields(
	`ASSUME ASSUMPTION AXIOM BY CASE CHOOSE CONSTANT CONSTANTS COROLLARY DEF DEFINE DEFS DOMAIN ELSE
	ENABLED EXCEPT EXTENDS HAVE HIDE IF IN INSTANCE LAMBDA LEMMA LET LOCAL MODULE NEW OBVIOUS OMITTED ONLY OTHER PICK PROOF
	PROPOSITION PROVE QED RECURSIVE STATE SUBSET SUFFICES TAKE TEMPORAL THEN THEOREM UNCHANGED UNION USE VARIABLE VARIABLES WITH
	WITNESS Integers Naturals TLC Sequences FiniteSets`)

// IsModule reports whether a TLA+ module, and so its file, can be called name.
func IsModule(name string) bool {
	return letters(name, maxModule) == name && !slices.Contains(notModules, name)
}

// ModuleName is the name that [TLA] gives a module: its file must be called so, with .tla at the
// end. Where it is made of the name of a scenario, it is made of letters, digits and underscores,
// and others can have the same.
func ModuleName(opt Options) string {
	if opt.Module != "" {
		return opt.Module
	}
	name := letters(opt.Scenario, maxModule)
	if opt.Scenario == "" || !IsModule(name) {
		return "Scenario"
	}
	return name
}

// moduleName is the name of a module as code.
func moduleName(opt Options) (code, error) {
	name := ModuleName(opt)
	if !IsModule(name) {
		return "", fmt.Errorf("crosscheck: %q cannot be the name of a TLA+ module", name)
	}
	return code(name), nil
}
