package scenarios

import (
	"strings"
	"testing"
)

func TestFind(t *testing.T) {
	library, err := Load(t.Context(), "testdata/good")
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		ref, want, err string
	}{
		{ref: "forms", want: "compact mappings quoted flow bare dying"},
		{ref: "forms:bare", want: "bare"},
		{ref: "testdata/good/forms.yaml:dying", want: "dying"},
		{ref: "./testdata/good:dying", want: "dying"},
		{ref: "form", err: `unknown suite "form" (did you mean "forms"?)`},
		{ref: "forms:bear", err: `forms has no scenario "bear" (did you mean "bare"?)`},
		{ref: "bare", err: `"bare" is a scenario, not a suite: did you mean "testdata/good/forms.yaml:bare"?`},
		{ref: "other.yaml:bare", err: "other.yaml: no such file or directory"},
		{ref: "", err: `unknown suite "" (one of forms)`},
	} {
		found, err := Find(t.Context(), library, tc.ref)
		var names []string
		for _, sc := range found {
			names = append(names, sc.Name)
		}
		msg := ""
		if err != nil {
			msg = err.Error()
		}
		if got := strings.Join(names, " "); got != tc.want || msg != tc.err {
			t.Errorf("%q: %q, %q", tc.ref, got, msg)
		}
	}
}
