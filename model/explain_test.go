package model_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strconv"
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
	if got, want := model.Kinds(), declaredKinds(t); !slices.Equal(got, want) {
		t.Errorf("the kinds that are explained are\n%v, those that are declared\n%v", got, want)
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

// declaredKinds are the constants of the first group in kind.go, in their order.
func declaredKinds(t *testing.T) []model.Kind {
	t.Helper()
	f, err := parser.ParseFile(token.NewFileSet(), "kind.go", nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range f.Decls {
		group, ok := d.(*ast.GenDecl)
		if !ok || group.Tok != token.CONST {
			continue
		}
		var all []model.Kind
		for _, spec := range group.Specs {
			text, err := strconv.Unquote(spec.(*ast.ValueSpec).Values[0].(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, model.Kind(text))
		}
		return all
	}
	t.Fatal("kind.go declares no constants")
	return nil
}
