package crosscheck

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/lockproof/lockproof/model"
)

// title is the first line of an exported model.
func title(opt Options) string {
	t := "a lockproof scenario"
	if opt.Scenario != "" {
		t = "The scenario " + opt.Scenario
		if opt.File != "" {
			t += " of " + opt.File
		}
	}
	return t
}

// about leads from a location back to the C: the place, the operation, who called it, and what the
// thread holds there.
func (p *plan) about(n *model.Node) string {
	if n.Op == model.OpFinish {
		return "finished" + p.holding(n)
	}
	text := line(n.Pos)
	if f := n.Function(); f != "" {
		text += " " + f
	}
	if text != "" {
		text += ": "
	}
	switch n.Op {
	case model.OpSleep:
		text += "sleeps in "
	case model.OpReacquire:
		text += "after "
	}
	text += n.Text
	if n.Text == "" {
		text += n.Op.String()
	}
	for i := len(n.Calls) - 2; i >= 0; i-- {
		text += fmt.Sprintf(", from %s %s", line(n.Calls[i].Pos), n.Calls[i].Function)
	}
	for _, l := range n.Locals {
		text += fmt.Sprintf(", %s = %s", l.Name, l.Value)
	}
	return strings.Join(strings.Fields(text+p.holding(n)), " ")
}

func (p *plan) holding(n *model.Node) string {
	var held []string
	for _, l := range n.Held {
		held = append(held, p.program.Locks[l].Name)
	}
	for _, v := range n.Owns {
		held = append(held, p.program.Vars[v].Name)
	}
	if len(held) == 0 {
		return ""
	}
	return "; holds " + strings.Join(held, ", ")
}

// line is a position without its column.
func line(p model.Pos) string {
	p.Col = 0
	if !p.IsValid() {
		return ""
	}
	return p.String()
}

// remark is what there is to say of a step: that somebody gives up, or nothing.
func (s *step) remark() string { return s.label.String() }

// valuesOf tells what a variable can be.
func (p *plan) valuesOf(v *model.Var) string {
	var words []string
	for _, x := range v.Values {
		switch {
		case x == model.Unset:
			words = append(words, fmt.Sprintf("%d (unset)", x))
		case x == model.Opaque:
			words = append(words, fmt.Sprintf("%d (unknown)", x))
		case v.Pointer && x == 0:
			words = append(words, "0 NULL")
		case v.Pointer && int(x) <= len(p.program.Objects):
			words = append(words, fmt.Sprintf("%d %s", x, p.program.Objects[x-1].Name))
		default:
			words = append(words, strconv.FormatInt(x, 10))
		}
	}
	if n := len(words); n > 6 {
		words = []string{words[0], words[1], "...", words[n-1]}
	}
	return v.Name + ": " + strings.Join(words, ", ")
}
