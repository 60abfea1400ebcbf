package privacy

import (
	"slices"
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"surveykit/survey/pattern"
)

// saysVersion are names of columns whose dotted numbers are program versions.
var saysVersion = pattern.Lazy(`version|browser|agent|\bos\b`)

// phrases are words that name a kind of identifier.
type phrases struct {
	kind  Kind
	words []string
}

// telling are words and phrases that name an identifier anywhere in a column's name or
// in a short label. Kinds are tried in this order.
var telling = sync.OnceValue(func() []phrases {
	return []phrases{
		{Email, folded("email, e mail, emailaddress, mail address, mailadresse, correo electronico, correo e, courriel, adresse mel, posta elettronica, e post, epost, sahkoposti, электронная почта, メールアドレス, 邮箱, 電子郵件, 이메일, البريد الإلكتروني")},
		{IP, folded("ip, ip address, ipaddress, ip addr, adresse ip, ip adresse, direccion ip, indirizzo ip")},
		{Phone, folded("phone, phone number, telephone, telephone number, cell phone, cellphone, mobile number, telefon, telefonnummer, telefonnr, handynummer, mobilnummer, rufnummer, numero de telephone, portable, telefono, movil, celular, cellulare, telefone, telefoon, telefoonnummer, puhelin, numer telefonu, телефон, 电话, 手机, 電話, 電話番号, 전화번호, هاتف")},
		{Location, folded("lat, latitude, lon, lng, longitude, gps, coordinates, geolocation, breitengrad, langengrad, koordinaten, coordonnees, latitud, longitud, coordenadas, latitudine, longitudine, coordinate, широта, долгота, 纬度, 经度, 緯度, 経度")},
		{NationalID, folded("ssn, social security number, social insurance number, national insurance number, nino, national id, national identity, identity number, passport, passport number, drivers license, driver license, tax id, steuer id, steuernummer, steueridentifikationsnummer, ausweisnummer, personalausweis, reisepass, sozialversicherungsnummer, numero de securite sociale, dni, nif, curp, codice fiscale, cpf, bsn, burgerservicenummer, personnummer, fodselsnummer, henkilotunnus, pesel, паспорт, снилс, 身份证, 身份证号, マイナンバー, 주민등록번호, aadhaar")},
		{PaymentCard, folded("credit card, card number, kreditkarte, kreditkartennummer, carte bancaire, tarjeta de credito")},
		{BankAccount, folded("iban, bank account, account number, kontonummer, numero de compte, cuenta bancaria")},
		{Birth, folded("date of birth, dob, birthdate, birth date, birthday, geburtsdatum, geburtstag, date de naissance, fecha de nacimiento, data di nascita, data de nascimento, geboortedatum, fodelsedatum, fodselsdato, data urodzenia, дата рождения, 出生日期, 生年月日, 생년월일")},
		{Address, folded("street, street address, postal address, home address, mailing address, address line, strasse, anschrift, wohnadresse, adresse postale, rue, direccion, calle, domicilio, indirizzo, endereco, adres, straat, gatuadress, ulica, адрес, улица, 地址, 住所, 주소, عنوان")},
		{Name, folded("first name, firstname, last name, lastname, surname, full name, fullname, forename, given name, family name, maiden name, vorname, nachname, familienname, nom de famille, prenom, apellido, apellidos, cognome, sobrenome, voornaam, achternaam, fornamn, efternamn, fornavn, etternavn, etunimi, sukunimi, imie, nazwisko, имя, фамилия, отчество, 姓名, 氏名, 名前, 이름, 성명, الاسم")},
	}
})

// alone are words that name a person only without other words: brand_name is not the
// name of a person.
var alone = sync.OnceValue(func() []phrases {
	return []phrases{
		{Name, folded("name, your name, name of respondent, respondent name, contact name, participant name, user name, username, nom, votre nom, nombre, nome, naam, navn, namn, nimi, ihr name")},
		{Address, folded("address, adresse, adress, direccion, mail")},
	}
})

func folded(list string) []string {
	parts := strings.Split(list, ",")
	for i, p := range parts {
		parts[i] = words(strings.TrimSpace(p))
	}
	return parts
}

// shortLabel is the most words of a label that is a name and not a question.
const shortLabel = 4

// namedKind is the kind in the column's name, or else in its short label; "" for none.
func (c *column) namedKind() Kind {
	if k := kindOf(c.words); k != "" {
		return k
	}
	label := words(c.Label)
	if len(strings.Fields(label)) > shortLabel {
		return ""
	}
	return kindOf(label)
}

func kindOf(words string) Kind {
	for _, a := range alone() {
		if slices.Contains(a.words, words) {
			return a.kind
		}
	}
	padded := " " + words + " "
	for _, t := range telling() {
		for _, phrase := range t.words {
			if strings.Contains(padded, " "+phrase+" ") || unspaced(phrase) && strings.Contains(words, phrase) {
				return t.kind
			}
		}
	}
	return ""
}

// unspaced recognises scripts without blanks between words.
func unspaced(phrase string) bool {
	for _, r := range phrase {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul) {
			return true
		}
	}
	return false
}

// words splits a name at signs, digits and capitals, in lower case and without accents: RecipientE-Mail_2 becomes "recipient e mail".
func words(name string) string {
	var b strings.Builder
	last := ' '
	for _, r := range norm.NFKD.String(name) {
		if unicode.Is(unicode.Mn, r) {
			continue
		}
		if unicode.IsUpper(r) && unicode.IsLower(last) {
			b.WriteByte(' ')
		}
		last = r
		if !unicode.IsLetter(r) {
			r = ' '
		}
		b.WriteString(strings.ReplaceAll(string(unicode.ToLower(r)), "ß", "ss"))
	}
	return strings.Join(strings.Fields(b.String()), " ")
}
