package formats

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Every kind and verdict that can be reported has a rule with help.
func TestRules(t *testing.T) {
	all := map[string]rule{}
	for _, r := range rules() {
		if len(r.title) < 10 || len(r.help) < 40 || !strings.HasSuffix(r.help, ".") {
			t.Errorf("%+v", r)
		}
		all[r.id] = r
	}
	for _, k := range model.Kinds() {
		if all[string(k)].id == "" {
			t.Errorf("no rule for %s", k)
		}
	}
	for _, v := range model.Verdicts() {
		if v != model.Unknown && all[string(v)].id == "" {
			t.Errorf("no rule for %s", v)
		}
	}
}
