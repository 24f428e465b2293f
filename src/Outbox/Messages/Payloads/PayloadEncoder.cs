using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;

namespace Outbox.Messages.Payloads;

/// <summary>
/// Writes text as it is and escapes what JSON requires alone. The framework's own encoders turn letters that are not ASCII, or at least emoji, into six or twelve bytes, and a lone
/// surrogate into U+FFFD without a word.
/// </summary>
internal sealed unsafe class PayloadEncoder : JavaScriptEncoder
{
    private const int Space = 0x20;

    private static readonly SearchValues<char> Escaped = SearchValues.Create([.. Enumerable.Range(0, Space).Select(x => (char)x), '"', '\\']);
    private static readonly SearchValues<byte> EscapedBytes = SearchValues.Create([.. Enumerable.Range(0, Space).Select(x => (byte)x), (byte)'"', (byte)'\\']);

    private PayloadEncoder()
    {
    }

    public static PayloadEncoder Instance { get; } = new();

    public override int MaxOutputCharactersPerInputCharacter => 6;

    public override bool WillEncode(int unicodeScalar) => unicodeScalar is < Space or '"' or '\\';

    public override int FindFirstCharacterToEncode(char* text, int textLength)
    {
        var span = new ReadOnlySpan<char>(text, textLength);
        return UnicodeText.IsWellFormed(span)
            ? span.IndexOfAny(Escaped)
            : throw new ArgumentException("A text has half of a surrogate pair, which UTF-8 cannot express. It was cut in the middle of a character.");
    }

    public override int FindFirstCharacterToEncodeUtf8(ReadOnlySpan<byte> utf8Text) => utf8Text.IndexOfAny(EscapedBytes);

    public override bool TryEncodeUnicodeScalar(int unicodeScalar, char* buffer, int bufferLength, out int numberOfCharactersWritten)
    {
        var escaped = Escape(unicodeScalar);
        var fits = escaped.TryCopyTo(new Span<char>(buffer, bufferLength));
        numberOfCharactersWritten = fits ? escaped.Length : 0;
        return fits;
    }

    private static string Escape(int scalar) => scalar switch
    {
        '"' => "\\\"",
        '\\' => @"\\",
        '\n' => "\\n",
        '\r' => "\\r",
        '\t' => "\\t",
        < Space => "\\u" + scalar.ToString("x4", CultureInfo.InvariantCulture),
        _ => char.ConvertFromUtf32(scalar),
    };
}
