using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Unicode;

namespace Outbox.Dashboard.Pages.Markup;

/// <summary>HTML that our own code wrote. It is made of an interpolated string alone: what stands in its holes is encoded, whatever it is, unless it is <see cref="Html"/> itself.</summary>
internal readonly struct Html
{
    private readonly string? _text;

    private Html(string text) => _text = text;

    public static Html None => default;

    public bool IsNone => string.IsNullOrEmpty(_text);

    public static Html Of(Writer html) => html.Build();

    public static Html If(bool condition, Writer html) => condition ? html.Build() : None;

    public static Html Each<T>(IEnumerable<T> items, Func<T, Html> html) => new(string.Concat(items.Select(item => html(item)._text)));

    /// <summary>Some after another, with something between them.</summary>
    public static Html Join(IEnumerable<Html> parts, Writer between)
    {
        var separator = between.Build()._text;
        return new Html(string.Join(separator, parts.Where(part => !part.IsNone).Select(part => part._text)));
    }

    public override string ToString() => _text ?? "";

    /// <summary>Writes the holes. There is none for any object: what shall be shown is text by then.</summary>
    [InterpolatedStringHandler]
    internal readonly ref struct Writer(int literalLength, int formattedCount)
    {
        /// <summary>Letters of all scripts stay as they are; what HTML gives a meaning, also within quotes, does not.</summary>
        private static readonly HtmlEncoder Encoder = HtmlEncoder.Create(UnicodeRanges.All);
        private readonly StringBuilder _text = new(literalLength + (formattedCount * 16));

        public void AppendLiteral(string value) => _text.Append(value);

        public void AppendFormatted(Html value) => _text.Append(value._text);

        /// <summary>Text for eyes: what one would not see is shown as its escape.</summary>
        public void AppendFormatted(string? value) => _text.Append(Encoder.Encode(Visible.Of(value)));

        /// <summary>A value that a form sends back: nothing is made visible in it.</summary>
        public void AppendFormatted(Exact value) => _text.Append(Encoder.Encode(value.Text));

        public void AppendFormatted(Link value) => _text.Append(Encoder.Encode(value.ToString()));

        public void AppendFormatted(long value) => _text.Append(value.ToString("#,##0", CultureInfo.InvariantCulture));

        /// <summary>A number for a machine.</summary>
        public void AppendFormatted(double value) => _text.Append(value.ToString("0.##", CultureInfo.InvariantCulture));

        public Html Build() => new(_text.ToString());
    }
}
