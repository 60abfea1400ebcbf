package survey

import (
	"iter"
	"math"
	"math/bits"
	"slices"
)

// Places are small integers, one a row and -1 or more, each in 8, 16 or 32 bits: the
// fewest that hold all of them. The zero value has no rows.
type Places struct {
	// Each integer is held plus one. At most one of these has rows.
	bytes  []uint8
	shorts []uint16
	longs  []uint32
}

// NewPlaces holds what a slice has.
func NewPlaces(index []int32) Places {
	var p Places
	p.Grow(len(index))
	for _, k := range index {
		p.Append(k)
	}
	return p
}

// RepeatedPlaces are n rows of the same integer.
func RepeatedPlaces(k int32, n int) Places {
	var p Places
	p.Grow(n)
	for range n {
		p.Append(k)
	}
	return p
}

// Len is the number of rows.
func (p *Places) Len() int { return len(p.bytes) + len(p.shorts) + len(p.longs) }

// At is the integer of row i.
func (p *Places) At(i int) int32 {
	switch {
	case i < len(p.bytes):
		return int32(p.bytes[i]) - 1
	case i < len(p.shorts):
		return int32(p.shorts[i]) - 1
	}
	return int32(p.longs[i]) - 1
}

// All are the rows with their integers.
func (p *Places) All() iter.Seq2[int, int32] {
	return func(yield func(int, int32) bool) {
		for i := range p.Len() {
			if !yield(i, p.At(i)) {
				return
			}
		}
	}
}

// Rows are the integers from one row to before another, put together in scratch, which has
// room for them.
func (p *Places) Rows(from, to int, scratch []int32) []int32 {
	out := scratch[:to-from]
	switch {
	case p.longs != nil:
		for i, k := range p.longs[from:to] {
			out[i] = int32(k) - 1
		}
	case p.shorts != nil:
		for i, k := range p.shorts[from:to] {
			out[i] = int32(k) - 1
		}
	default:
		for i, k := range p.bytes[from:to] {
			out[i] = int32(k) - 1
		}
	}
	return out
}

// Slice is a copy, one integer a row.
func (p *Places) Slice() []int32 {
	out := make([]int32, p.Len())
	for i, k := range p.bytes {
		out[i] = int32(k) - 1
	}
	for i, k := range p.shorts {
		out[i] = int32(k) - 1
	}
	for i, k := range p.longs {
		out[i] = int32(k) - 1
	}
	return out
}

// Equal reports whether the rows are the same.
func (p Places) Equal(q Places) bool {
	if p.Len() != q.Len() {
		return false
	}
	for i, k := range p.All() {
		if k != q.At(i) {
			return false
		}
	}
	return true
}

// Clone is a copy of its own.
func (p *Places) Clone() Places {
	return Places{bytes: slices.Clone(p.bytes), shorts: slices.Clone(p.shorts), longs: slices.Clone(p.longs)}
}

// Map is what to has in the place of each integer, -1 where that is -1.
func (p *Places) Map(to []int32) Places {
	most := int32(-1)
	for _, k := range to {
		most = max(most, k)
	}
	switch {
	case most < math.MaxUint8:
		return Places{bytes: mapped[uint8](p, to)}
	case most < math.MaxUint16:
		return Places{shorts: mapped[uint16](p, to)}
	}
	return Places{longs: mapped[uint32](p, to)}
}

func mapped[T uint8 | uint16 | uint32](p *Places, to []int32) []T {
	table, out := make([]T, len(to)+1), make([]T, p.Len())
	for k, x := range to {
		table[k+1] = T(x + 1)
	}
	for i, k := range p.bytes {
		out[i] = table[k]
	}
	for i, k := range p.shorts {
		out[i] = table[k]
	}
	for i, k := range p.longs {
		out[i] = table[k]
	}
	return out
}

// Counts counts the rows of each integer below n.
func (p *Places) Counts(n int) []int {
	out := make([]int, n+1)
	for _, k := range p.bytes {
		out[k]++
	}
	for _, k := range p.shorts {
		out[k]++
	}
	for _, k := range p.longs {
		out[k]++
	}
	return out[1:]
}

// used marks the integers below n that rows have.
func (p *Places) used(n int) []bool {
	used := make([]bool, n+1)
	for _, k := range p.bytes {
		used[k] = true
	}
	for _, k := range p.shorts {
		used[k] = true
	}
	for _, k := range p.longs {
		used[k] = true
	}
	return used[1:]
}

// Grow makes room for n more rows.
func (p *Places) Grow(n int) {
	switch {
	case p.longs != nil:
		p.longs = append(make([]uint32, 0, len(p.longs)+n), p.longs...)
	case p.shorts != nil:
		p.shorts = append(make([]uint16, 0, len(p.shorts)+n), p.shorts...)
	default:
		p.bytes = append(make([]uint8, 0, len(p.bytes)+n), p.bytes...)
	}
}

// Append adds a row.
func (p *Places) Append(k int32) {
	p.fit(k)
	switch {
	case p.longs != nil:
		p.longs = append(p.longs, uint32(k+1))
	case p.shorts != nil:
		p.shorts = append(p.shorts, uint16(k+1))
	default:
		p.bytes = append(p.bytes, uint8(k+1))
	}
}

// AppendAll adds rows, of integers up to most.
func (p *Places) AppendAll(rows []int32, most int32) {
	p.fit(most)
	switch {
	case p.longs != nil:
		p.longs = appended(p.longs, rows)
	case p.shorts != nil:
		p.shorts = appended(p.shorts, rows)
	default:
		p.bytes = appended(p.bytes, rows)
	}
}

func appended[T uint8 | uint16 | uint32](to []T, rows []int32) []T {
	n := len(to)
	to = slices.Grow(to, len(rows))[:n+len(rows)]
	for i, k := range rows {
		to[n+i] = T(k + 1)
	}
	return to
}

// Set changes row i.
func (p *Places) Set(i int, k int32) {
	p.fit(k)
	switch {
	case p.longs != nil:
		p.longs[i] = uint32(k + 1)
	case p.shorts != nil:
		p.shorts[i] = uint16(k + 1)
	default:
		p.bytes[i] = uint8(k + 1)
	}
}

// fit widens the rows until each can hold k.
func (p *Places) fit(k int32) {
	if p.longs == nil && p.shorts == nil && k >= math.MaxUint8 {
		p.shorts = make([]uint16, len(p.bytes), max(cap(p.bytes), 1))
		for i, b := range p.bytes {
			p.shorts[i] = uint16(b)
		}
		p.bytes = nil
	}
	if p.longs == nil && k >= math.MaxUint16 {
		p.longs = make([]uint32, len(p.shorts), max(cap(p.shorts), 1))
		for i, b := range p.shorts {
			p.longs[i] = uint32(b)
		}
		p.shorts = nil
	}
}

// NumberColumn is a column of numbers, NaN where system-missing. Up to 65,535 distinct
// numbers are held once, with the place of each row's number in 8 or 16 bits; more
// of them as they are. The zero value has no rows.
type NumberColumn struct {
	places Places    // of each row's number in values, -1 for NaN
	values []float64 // in the order of first appearance
	slots  []uint16  // places in values plus one, by the hash of the number; 0 is free
	rows   []float64 // each row's number where there are too many distinct ones; else nil
}

// mostDistinct is how many distinct numbers are held once, fewDistinct how many may
// be as many as half of the rows.
const (
	mostDistinct = math.MaxUint16
	fewDistinct  = 4096
)

// NewNumbers is a column of the numbers of a slice, one a row.
func NewNumbers(x []float64) *NumberColumn {
	c := &NumberColumn{}
	c.Grow(len(x))
	for _, x := range x {
		c.Append(x)
	}
	return c
}

// NumbersAt is a column of the numbers at places, -1 where missing; it keeps the places.
func NumbersAt(places Places, numbers []float64) *NumberColumn {
	c := &NumberColumn{places: places}
	for k, x := range numbers {
		if at, ok := c.place(x); !ok || int(at) != k { // too many, none, or the same one twice
			return spelled(places, numbers)
		}
	}
	return c
}

func spelled(places Places, numbers []float64) *NumberColumn {
	c := &NumberColumn{}
	c.Grow(places.Len())
	for _, k := range places.All() {
		x := math.NaN()
		if k >= 0 {
			x = numbers[k]
		}
		c.Append(x)
	}
	return c
}

// MissingNumbers are n rows without a value.
func MissingNumbers(n int) *NumberColumn { return &NumberColumn{places: RepeatedPlaces(-1, n)} }

// Len is the number of rows, 0 for nil.
func (c *NumberColumn) Len() int {
	if c == nil {
		return 0
	}
	return c.places.Len() + len(c.rows)
}

// At is the number of row i.
func (c *NumberColumn) At(i int) float64 {
	if c.rows != nil {
		return c.rows[i]
	}
	if k := c.places.At(i); k >= 0 {
		return c.values[k]
	}
	return math.NaN()
}

// All are the rows with their numbers.
func (c *NumberColumn) All() iter.Seq2[int, float64] {
	return func(yield func(int, float64) bool) {
		for i := range c.Len() {
			if !yield(i, c.At(i)) {
				return
			}
		}
	}
}

// Rows are the numbers from one row to before another. They are put together in
// scratch, which has room for them, where the column does not have them as they are.
func (c *NumberColumn) Rows(from, to int, scratch []float64) []float64 {
	if c.rows != nil {
		return c.rows[from:to]
	}
	for i := from; i < to; i++ {
		scratch[i-from] = c.At(i)
	}
	return scratch[:to-from]
}

// Map is a column of what f makes of each number.
func (c *NumberColumn) Map(f func(x float64) float64) *NumberColumn {
	out, to := &NumberColumn{}, make([]int32, len(c.values))
	held := c.rows == nil
	for k, x := range c.values {
		place, ok := out.place(f(x))
		to[k], held = place, held && ok
	}
	if held {
		out.places = c.places.Map(to)
		return out
	}
	out = &NumberColumn{}
	for _, x := range c.All() {
		if !math.IsNaN(x) {
			x = f(x)
		}
		out.Append(x)
	}
	return out
}

// Slice are the numbers, one a row. Nobody may change them.
func (c *NumberColumn) Slice() []float64 {
	if c == nil {
		return nil
	}
	if c.rows != nil {
		return c.rows
	}
	return c.copied(c.Len())
}

// copied are the numbers in a slice with room for some rows.
func (c *NumberColumn) copied(room int) []float64 {
	out := make([]float64, c.Len(), max(room, c.Len()))
	for i := range out {
		out[i] = c.At(i)
	}
	return out
}

// Equal reports whether the rows are the same, missing ones among them.
func (c *NumberColumn) Equal(d *NumberColumn) bool {
	if c.Len() != d.Len() {
		return false
	}
	for i, x := range c.All() {
		if y := d.At(i); x != y && !(math.IsNaN(x) && math.IsNaN(y)) {
			return false
		}
	}
	return true
}

// Clone is a copy of its own.
func (c *NumberColumn) Clone() *NumberColumn {
	return &NumberColumn{places: c.places.Clone(), values: slices.Clone(c.values), slots: slices.Clone(c.slots), rows: slices.Clone(c.rows)}
}

// Contains reports whether any row has a number.
func (c *NumberColumn) Contains(number float64) bool {
	if c.rows != nil {
		return slices.Contains(c.rows, number)
	}
	for k, used := range c.places.used(len(c.values)) {
		if used && c.values[k] == number {
			return true
		}
	}
	return false
}

// Grow makes room for n more rows.
func (c *NumberColumn) Grow(n int) {
	if c.rows == nil {
		c.places.Grow(n)
	}
}

// Append adds a row.
func (c *NumberColumn) Append(x float64) {
	if c.rows == nil {
		if k, ok := c.place(x); ok {
			c.places.Append(k)
			return
		}
		c.spell()
	}
	c.rows = append(c.rows, x)
}

// Know makes the column hold numbers that rows may have, and gives their places; nil where
// there are too many.
func (c *NumberColumn) Know(numbers []float64) []int32 {
	if c.rows != nil {
		return nil
	}
	places := make([]int32, len(numbers))
	for k, x := range numbers {
		var ok bool
		if places[k], ok = c.within(x, mostDistinct); !ok {
			return nil
		}
	}
	return places
}

// Keeps reports whether the column holds each distinct number once, so that places may be
// appended.
func (c *NumberColumn) Keeps() bool { return c.rows == nil }

// AppendPlaces adds rows by the places of their numbers, -1 for none; see Know.
func (c *NumberColumn) AppendPlaces(places []int32) {
	c.places.AppendAll(places, int32(len(c.values)-1))
}

// Set changes row i.
func (c *NumberColumn) Set(i int, x float64) {
	if c.rows == nil {
		if k, ok := c.place(x); ok {
			c.places.Set(i, k)
			return
		}
		c.spell()
	}
	c.rows[i] = x
}

// spell holds each row's number as it is.
func (c *NumberColumn) spell() {
	c.rows = c.copied(cap(c.places.bytes) + cap(c.places.shorts))
	c.places, c.values, c.slots = Places{}, nil, nil
}

// place is where a number is in values, to which it is added if new; ok is false where
// there are too many.
func (c *NumberColumn) place(x float64) (k int32, ok bool) {
	return c.within(x, min(mostDistinct, max(fewDistinct, c.places.Len()/2)))
}

// within is place where there may be so many values.
func (c *NumberColumn) within(x float64, most int) (k int32, ok bool) {
	if math.IsNaN(x) {
		return -1, true
	}
	if 2*len(c.values) >= len(c.slots) {
		c.rehash()
	}
	at := c.slot(x)
	if k := c.slots[at]; k > 0 {
		return int32(k) - 1, true
	}
	if len(c.values) >= most {
		return 0, false
	}
	c.values = append(c.values, x)
	c.slots[at] = uint16(len(c.values))
	return int32(len(c.values) - 1), true
}

// slot is the slot of a number: its own, or the free one that it would take. Zero and
// its negative are two numbers.
func (c *NumberColumn) slot(x float64) int {
	number, mask := math.Float64bits(x), len(c.slots)-1
	const golden = 0x9e3779b97f4a7c15 // spreads numbers over the upper bits
	at := int(number * golden >> bits.LeadingZeros64(uint64(mask)))
	for c.slots[at] != 0 && math.Float64bits(c.values[c.slots[at]-1]) != number {
		at = (at + 1) & mask
	}
	return at
}

func (c *NumberColumn) rehash() {
	size := 16
	for size <= 2*len(c.values) {
		size *= 2
	}
	c.slots = make([]uint16, size)
	for k, x := range c.values {
		c.slots[c.slot(x)] = uint16(k + 1)
	}
}

// TextColumn is a dictionary-encoded column of text.
type TextColumn struct {
	// Index points into Values, one entry a row, -1 where system-missing.
	Index Places
	// Values are the distinct texts in order of first appearance.
	Values []string
}

// distinct are the values of a column that are held once, and the place of each row's
// among them; ok is false where each row has its own.
func (v *Variable) distinct() (places *Places, values []Value, ok bool) {
	if v.IsText() {
		for _, s := range v.Texts.Values {
			values = append(values, TextValue(s))
		}
		return &v.Texts.Index, values, true
	}
	if v.Numbers == nil || v.Numbers.rows != nil {
		return nil, nil, false
	}
	for _, x := range v.Numbers.values {
		values = append(values, NumberValue(x))
	}
	return &v.Numbers.places, values, true
}

// Places sorts the rows by their values: of finds the place of a value that occurs, or
// -1, and is asked once for each value that is held once. A row without one is at -1.
func (v *Variable) Places(of func(Value) int32) Places {
	var out Places
	places, values, ok := v.distinct()
	if !ok {
		out.Grow(v.Len())
		for _, x := range v.Numbers.All() {
			k := int32(-1)
			if !math.IsNaN(x) {
				k = of(NumberValue(x))
			}
			out.Append(k)
		}
		return out
	}
	to := make([]int32, len(values))
	for k, used := range places.used(len(values)) {
		if to[k] = -1; used {
			to[k] = of(values[k])
		}
	}
	return places.Map(to)
}

// Held is a variable as the values that it holds, each once: a row has the number of its
// own, from 0 to before Count.
type Held struct {
	Count  int
	places *Places
	// asked are the rows without a value that were asked, which have a number of their own;
	// nil where none is.
	asked []bool
}

// Held is the variable by its values; ok is false where there are more than most of them.
func (v *Variable) Held(most int) (h Held, ok bool) {
	switch {
	case v.IsText():
		h.places, h.Count = &v.Texts.Index, len(v.Texts.Values)
	case v.Numbers == nil:
		return h, false
	case v.Numbers.rows != nil:
		places, count := numbered(v.Numbers.rows, most)
		h.places, h.Count = &places, count
	default:
		h.places, h.Count = &v.Numbers.places, len(v.Numbers.values)
	}
	if h.Count > most {
		return h, false
	}
	h.Count++
	if slices.Contains(v.EmptyAsked, true) {
		h.asked = v.EmptyAsked
		h.Count++
	}
	return h, true
}

// numbered numbers the distinct numbers of rows in the order in which they come, -1 for NaN,
// until there are more than most.
func numbered(rows []float64, most int) (places Places, count int) {
	slots := make([]uint32, 1<<bits.Len(uint(2*most))) // numbers plus one, by the hash of the value
	var values []float64
	shift := bits.LeadingZeros64(uint64(len(slots) - 1))
	places.Grow(len(rows))
	for _, x := range rows {
		if math.IsNaN(x) {
			places.Append(-1)
			continue
		}
		const golden = 0x9e3779b97f4a7c15
		number := math.Float64bits(x)
		at := int(number * golden >> shift)
		for slots[at] != 0 && math.Float64bits(values[slots[at]-1]) != number {
			at = (at + 1) & (len(slots) - 1)
		}
		if slots[at] == 0 {
			if len(values) == most {
				return Places{}, most + 1
			}
			values = append(values, x)
			slots[at] = uint32(len(values))
		}
		places.Append(int32(slots[at]) - 1)
	}
	return places, len(values)
}

// Rows are the numbers of the rows from one to before another, put together in scratch,
// which has room for them.
func (h *Held) Rows(from, to int, scratch []int32) []int32 {
	out := h.places.Rows(from, to, scratch)
	for i := range out {
		out[i]++
		if h.asked != nil && out[i] == 0 && h.asked[from+i] {
			out[i] = int32(h.Count) - 1
		}
	}
	return out
}

// Values are the values that occur in the order of their first rows. One that is not
// held once comes again.
func (v *Variable) Values() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		places, values, ok := v.distinct()
		if !ok {
			for _, x := range v.Numbers.All() {
				if !math.IsNaN(x) && !yield(NumberValue(x)) {
					return
				}
			}
			return
		}
		seen, left := make([]bool, len(values)), len(values)
		for i := 0; i < places.Len() && left > 0; i++ {
			k := places.At(i)
			if k < 0 || seen[k] {
				continue
			}
			if seen[k], left = true, left-1; !yield(values[k]) {
				return
			}
		}
	}
}
