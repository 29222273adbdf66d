package scenarios

import (
	"fmt"
	"regexp"

	"github.com/lockproof/lockproof/csource/files"
	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model"
)

// maxForeign is how many errors are reported about a file that is not what it was taken for.
const maxForeign = 3

// What a file is taken for.
const (
	wantC     = "C"
	wantSuite = "a suite"
)

// suiteKey is how a suite begins, behind comments.
var suiteKey = regexp.MustCompile(`\A(\s*(#.*)?\n)*suite:`)

// foreign is what is wrong with a file that is no text.
func foreign(src syntax.Source, want string) (ds syntax.Diagnostics) {
	if what, binary := files.LooksLike(src.Text); binary {
		ds = append(ds, looksLike(src, what, want))
	}
	return ds
}

// aboutForeign is what is wrong with a file: where it looks like something else that comes first,
// and only a few errors after it.
func aboutForeign(src syntax.Source, want string, ds syntax.Diagnostics) syntax.Diagnostics {
	what, _ := files.LooksLike(src.Text)
	if what == "" && suiteKey.Match(src.Text) {
		what = wantSuite
	}
	if what == "" || what == want || len(ds) == 0 {
		return ds
	}
	return append(syntax.Diagnostics{looksLike(src, what, want)}, ds[:min(len(ds), maxForeign)]...)
}

// looksLike says so at the beginning of the file.
func looksLike(src syntax.Source, what, want string) syntax.Diagnostic {
	return syntax.Diagnostic{
		Pos: model.Pos{File: src.Name, Line: 1, Col: 1}, Msg: fmt.Sprintf("this looks like %s, not like %s", what, want),
	}
}
