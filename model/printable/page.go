package printable

import "io"

// A Colour is how a part of a page stands out.
type Colour uint8

// The colours.
const (
	Plain Colour = iota
	Good
	Bad
	Open
	Strong
	Faint
)

// sequences switch a colour on and off.
var sequences = map[Colour][2]string{
	Good:   {"\x1b[32m", "\x1b[0m"},
	Bad:    {"\x1b[31;1m", "\x1b[0;22m"},
	Open:   {"\x1b[33m", "\x1b[0m"},
	Strong: {"\x1b[1m", "\x1b[22m"},
	Faint:  {"\x1b[2m", "\x1b[22m"},
}

// erase clears a line of a terminal, and goes back to its beginning.
const erase = "\r\x1b[K"

// A Page is text for people while it is put together: parts that have a colour or none. The zero
// value is empty and without colours.
type Page struct {
	Coloured bool // otherwise colours leave no trace
	parts    []part
}

type part struct {
	colour Colour
	erases bool // it is no text, but clears the line
	text   []byte
}

// WriteString adds text without a colour. It does not fail.
func (p *Page) WriteString(s string) (int, error) {
	last := p.last()
	last.text = append(last.text, s...)
	return len(s), nil
}

// Write adds text without a colour. It does not fail.
func (p *Page) Write(text []byte) (int, error) { return p.WriteString(string(text)) }

// Paint adds text in a colour.
func (p *Page) Paint(c Colour, s string) {
	if c == Plain || !p.Coloured {
		p.WriteString(s)
		return
	}
	p.parts = append(p.parts, part{colour: c, text: []byte(s)})
}

// Erase clears the line of the terminal on which the page is shown.
func (p *Page) Erase() { p.parts = append(p.parts, part{erases: true}) }

// TrimBlanks takes back the blanks at the end that have no colour.
func (p *Page) TrimBlanks() {
	last := p.last()
	for n := len(last.text); n > 0 && last.text[n-1] == ' '; n-- {
		last.text = last.text[:n-1]
	}
}

// last is the part without a colour to which text is added.
func (p *Page) last() *part {
	if n := len(p.parts); n == 0 || p.parts[n-1].colour != Plain || p.parts[n-1].erases {
		p.parts = append(p.parts, part{})
	}
	return &p.parts[len(p.parts)-1]
}

// WriteTo writes the page in printable form with its colours, in one piece. Where w is no [Writer],
// a Writer with both rules stands between.
func (p *Page) WriteTo(w io.Writer) (int64, error) {
	bottom, ok := w.(*Writer)
	if !ok {
		bottom = NewWriter(w, Both)
	}
	bottom.mu.Lock()
	defer bottom.mu.Unlock()
	n := 0
	for i := range p.parts {
		x := &p.parts[i]
		n += len(x.text)
		if x.erases {
			bottom.out.WriteString(erase)
			bottom.guard.line()
			bottom.column = 0
			continue
		}
		around := sequences[x.colour]
		bottom.out.WriteString(around[0])
		bottom.text(string(x.text), true)
		bottom.out.WriteString(around[1])
	}
	return int64(n), bottom.send()
}
