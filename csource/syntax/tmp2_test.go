package syntax

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTmpH(t *testing.T) {
	root := os.Getenv("CH")
	if root == "" {
		t.Skip()
	}
	ext := os.Getenv("CEXT")
	n, bad, dn := 0, 0, 0
	rt := 0
	var dur time.Duration
	size := 0
	filepath.WalkDir(root, func(p string, d fs.DirEntry, err error) error {
		if !strings.HasSuffix(p, ext) {
			return nil
		}
		b, _ := os.ReadFile(p)
		s := time.Now()
		f, ds := Parse(Source{p, b}, Options{Mode: Tolerant})
		dur += time.Since(s)
		size += len(b)
		for _, d := range ds {
			t.Log(d)
			dn++
		}
		for _, d := range f.Decls {
			n++
			if _, ok := d.(*BadDecl); ok {
				bad++
			}
			if x, ok := d.(*FuncDef); ok && x.Bad {
				bad++
			}
		}
		if strings.HasSuffix(p, ".c") {
			Walk(f, func(n Node) bool {
				x, ok := n.(Expr)
				if !ok {
					return true
				}
				if _, ok := x.(*InitList); ok {
					return false
				}
				rt++
				src := "int q=sizeof(" + Format(x) + ");"
				if strings.Contains(src, "({ ...") || strings.Contains(src, "{...}") {
					return false
				}
				pp := NewParser(Options{Mode: Tolerant})
				for k, v := range fnames {
					pp.names.table[k] = v
				}
				g := pp.Parse(Source{"x", []byte(src)})
				if dd := pp.Diagnostics(); len(dd) > 0 {
					t.Log(p, src, dd[0])
					return false
				}
				var y Expr
				switch z := g.Decls[0].(*VarDecl).Init.(type) {
				case *SizeofExpr:
					y = z.X
				case *SizeofType:
					return false
				}
				if FormatParens(y) != FormatParens(x) && len(FormatParens(x)) < 400 {
					t.Log(x.Pos(), FormatParens(x), " | ", FormatParens(y))
				}
				return false
			})
		}
		return nil
	})
	t.Log(n, bad, dn, "exprs", rt, dur, size)
}

var fnames = map[string]meaning{}
