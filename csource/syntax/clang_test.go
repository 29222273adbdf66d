package syntax

import (
	"fmt"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"
)

// TestConstantsAgreeWithClang has clang confirm what EvalConst makes of random constant expressions
// written with as few parentheses as the generator likes: precedence, grouping and arithmetic, seen
// by an independent parser.
func TestConstantsAgreeWithClang(t *testing.T) {
	clang, err := exec.LookPath("clang")
	if err != nil {
		t.Skip("clang is not installed")
	}
	r := rand.New(rand.NewPCG(1, 2))
	var asserts strings.Builder
	n := 0
	for n < 500 {
		text := randomConstant(r, 5)
		f, diags := parseText(Strict, "int x = "+text+";")
		if err := diags.Err(); err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		v, ok := EvalConst(f.Decls[0].(*VarDecl).Init, nil)
		if !ok || v > 1<<40 || v < -1<<40 {
			continue
		}
		n++
		fmt.Fprintf(&asserts, "_Static_assert((%s) == %dLL, \"%d\");\n", text, v, n)
	}
	cmd := exec.Command(clang, "-fsyntax-only", "-w", "-xc", "-")
	cmd.Stdin = strings.NewReader(asserts.String())
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Errorf("clang disagrees: %v\n%s", err, out)
	}
}

// randomConstant writes an expression of long long constants with small values.
func randomConstant(r *rand.Rand, depth int) string {
	if depth == 0 || r.IntN(6) == 0 {
		return fmt.Sprintf("%dLL", r.IntN(9))
	}
	sub := func() string { return randomConstant(r, depth-1) }
	switch r.IntN(12) {
	case 0:
		return []string{"-", "~", "!", "+"}[r.IntN(4)] + " " + sub()
	case 1:
		return "(" + sub() + ")"
	case 2:
		return sub() + " ? " + sub() + " : " + sub()
	case 3:
		return "(char) " + sub()
	}
	if op := []string{"/", "%", "<<", ">>"}; r.IntN(4) == 0 { // clang wants all of an expression defined
		return sub() + " " + op[r.IntN(4)] + fmt.Sprintf(" %dLL", 1+r.IntN(8))
	}
	ops := strings.Fields("+ - * < > <= >= == != & | ^ && ||")
	return sub() + " " + ops[r.IntN(len(ops))] + " " + sub()
}
