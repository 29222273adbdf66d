package model_test

import (
	"strings"
	"testing"

	"github.com/lockproof/lockproof/model"
)

// Every kind and verdict that can be reported is explained.
func TestExplanations(t *testing.T) {
	for _, e := range model.Explanations() {
		if len(e.Title) < 10 || len(e.Help) < 40 || !strings.HasSuffix(e.Help, ".") {
			t.Errorf("%+v", e)
		}
	}
	for _, k := range model.Kinds() {
		if e, ok := model.Explain(string(k)); !ok || e.Name != string(k) {
			t.Errorf("no explanation of %s", k)
		}
	}
	for _, v := range model.Verdicts() {
		if _, ok := model.Explain(string(v)); !ok && v != model.Unknown {
			t.Errorf("no explanation of %s", v)
		}
	}
	if _, ok := model.Explain("no-such-kind"); ok {
		t.Error("what is no kind is explained")
	}
}
