package scenarios

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"

	"github.com/lockproof/lockproof/csource/syntax"
	"github.com/lockproof/lockproof/model/printable"
)

// Standalone is the suite as one file that loads by itself: its YAML with the C in it, and what the
// C includes in the place of each #include. Only a protocol stays outside: one that lockproof
// ships, or a C file beside the suite.
func (s *Suite) Standalone(ctx context.Context) (string, error) {
	var c strings.Builder
	seen := map[string]bool{}
	for _, src := range s.Files() {
		if err := expand(ctx, &c, src, s.origin[src.Name], seen); err != nil {
			return "", err
		}
	}
	if s.bare {
		if err := expand(ctx, &c, syntax.Source{Name: s.File, Text: []byte(s.Text)}, s.origin[s.File], seen); err != nil {
			return "", err
		}
		return s.header() + block(c.String()) + s.scenarioText(), nil
	}
	if c.Len() == 0 {
		return s.Text, nil
	}
	return s.withInline(ctx, c.String())
}

// expand writes a C file with what it includes, each file once and under its name, as the
// preprocessor reads it. What is included as shipped stays as it is.
func expand(ctx context.Context, b *strings.Builder, src syntax.Source, at location, seen map[string]bool) error {
	if seen[src.Name] {
		return nil
	}
	seen[src.Name] = true
	for line := range bytes.Lines(src.Text) {
		m := includeLine.FindSubmatch(line)
		if m == nil || len(m[2]) > 0 {
			b.Write(bytes.TrimRight(line, "\r\n"))
			b.WriteByte('\n')
			continue
		}
		next, err := at.beside(string(m[1]))
		if err != nil {
			return err
		}
		text, err := next.read(ctx)
		if err != nil {
			return err
		}
		if !seen[text.Name] {
			fmt.Fprintf(b, "/* ---- %s ---- */\n", inComment(text.Name))
		}
		if err := expand(ctx, b, text, next, seen); err != nil {
			return err
		}
	}
	return nil
}

// block is C as a block of YAML.
func block(c string) string {
	var b strings.Builder
	b.WriteString("source: |\n")
	if first := strings.TrimLeft(c, "\n"); strings.HasPrefix(first, " ") || strings.HasPrefix(first, "\t") {
		b.Reset()
		b.WriteString("source: |2\n")
	}
	for line := range strings.Lines(strings.TrimLeft(c, "\n")) {
		if line == "\n" {
			b.WriteByte('\n')
		} else {
			b.WriteString("  " + line)
		}
	}
	return b.String()
}

// Parts is the suite as it was loaded: its YAML, then the C files that it names. It cannot be
// loaded.
func (s *Suite) Parts() string {
	var b strings.Builder
	fmt.Fprintf(&b, "# ---- %s ----\n%s\n", inComment(s.File), strings.TrimRight(s.Text, "\n"))
	for _, f := range s.Files() {
		fmt.Fprintf(&b, "\n/* ---- %s ---- */\n%s\n", inComment(f.Name), strings.TrimRight(string(f.Text), "\n"))
	}
	return b.String()
}

// inComment is a name that cannot end the comment in which it stands.
func inComment(name string) string {
	return strings.ReplaceAll(printable.Line(name), "*/", `*\x2f`)
}

// header is the beginning of a suite about a C file.
func (s *Suite) header() string {
	head := "suite: " + strings.TrimSuffix(s.Name, ".c") + "\n"
	if s.Protocol != "" {
		head += fmt.Sprintf("protocol: %s\n", s.Protocol)
	}
	return head
}

// scenarioText is its scenario.
func (s *Suite) scenarioText() string {
	var b strings.Builder
	sc := s.Scenarios[0]
	fmt.Fprintf(&b, "scenarios:\n  - name: %s\n    threads:\n", sc.Name)
	for _, t := range sc.Threads {
		fmt.Fprintf(&b, "      - %q\n", t.text())
	}
	var faults []string
	for _, f := range sc.Faults {
		faults = append(faults, string(f))
	}
	if len(faults) > 0 {
		fmt.Fprintf(&b, "    faults: [%s]\n", strings.Join(faults, ", "))
	}
	if sc.Races != "" {
		fmt.Fprintf(&b, "    races: %s\n", sc.Races)
	}
	if sc.Leaks != "" {
		fmt.Fprintf(&b, "    leaks: %s\n", sc.Leaks)
	}
	if sc.Fairness != "" {
		fmt.Fprintf(&b, "    fairness: %s\n    liveness: %s\n", sc.Fairness, sc.Liveness)
	}
	fmt.Fprintf(&b, "    expect: %s\n", sc.Expect)
	return b.String()
}

// text is a thread in its short form.
func (t *Thread) text() string {
	s := t.Call
	if t.Count > 1 {
		s += fmt.Sprintf(" x%d", t.Count)
	}
	if t.Loop {
		s += " loop"
	}
	return s
}

var (
	sourcesKey = regexp.MustCompile(`^sources[ \t]*:`)
	sourceKey  = regexp.MustCompile(`^source[ \t]*:`)
	topLevel   = regexp.MustCompile(`^[^\s#-]`)
)

// withInline is the YAML of the suite with C in the place of its sources. Inline C of its own comes
// after it.
func (s *Suite) withInline(ctx context.Context, c string) (string, error) {
	var inline string
	var before, after strings.Builder
	out, where := &before, ""
	for line := range strings.Lines(s.Text) {
		switch {
		case sourcesKey.MatchString(line):
			where, out = "sources", &after
			continue
		case sourceKey.MatchString(line):
			where = "source"
			continue
		case topLevel.MatchString(line):
			where = ""
		}
		switch {
		case where == "source":
			inline += line
		case where == "":
			out.WriteString(line)
		case strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#"):
			out.WriteString(line)
		}
	}
	text := before.String() + block(c+undent(inline)) + after.String()
	d, ds := decodeSuite(ctx, s.origin[s.File], []byte(text))
	if err := ds.Err(); err != nil || len(d.Scenarios) != len(s.Scenarios) {
		return "", fmt.Errorf("%s cannot be written as one file: its C holds what YAML cannot, or its keys do not begin "+
			"their lines", s.File)
	}
	return text, nil
}

// undent takes the indent of the first line from all lines.
func undent(block string) string {
	indent := -1
	var b strings.Builder
	for line := range strings.Lines(block) {
		if strings.TrimSpace(line) == "" {
			b.WriteByte('\n')
			continue
		}
		if indent < 0 {
			indent = len(line) - len(strings.TrimLeft(line, " "))
		}
		b.WriteString(line[min(indent, len(line)):])
	}
	return b.String()
}
