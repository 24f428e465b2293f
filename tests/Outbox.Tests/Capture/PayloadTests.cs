using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outbox.Tests.Capture;

/// <summary>What is stored is what was said, as JSON that can be read again.</summary>
public sealed class PayloadTests
{
    private sealed record Note(string Text);

    private sealed record Groesse([property: JsonPropertyName("größe")] int Value, Dictionary<string, string> Names);

    [Theory]
    [InlineData("häßlich")]
    [InlineData("日本語")]
    [InlineData("😀 👩‍👩‍👧")]
    [InlineData("<b>&'+\u2028\uFFFD")]
    public void Text_is_stored_as_it_is(string text)
    {
        foreach (var json in new[] { null, new JsonSerializerOptions() })
        {
            var tx = Captures.Transaction(Captures.Registration<Note>(json));

            tx.Publish(new Note(text), "n1");

            Assert.Contains(text, tx.Captured.Payload, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Names_are_stored_as_they_are()
    {
        var tx = Captures.Transaction(Captures.Registration<Groesse>());

        tx.Publish(new Groesse(1, new() { ["Müller"] = "Ä" }), "n1");

        Assert.Equal("""{"größe":1,"names":{"Müller":"Ä"}}""", tx.Captured.Payload);
    }

    [Fact]
    public void What_JSON_must_escape_is_escaped_and_comes_back()
    {
        var text = "\"\\/\b\f\n\r\t" + new string([.. Enumerable.Range(0, 0x20).Select(x => (char)x)]) + "ä\u007F";
        var tx = Captures.Transaction(Captures.Registration<Note>());

        tx.Publish(new Note(text), "n1");

        Assert.Equal(text, JsonDocument.Parse(tx.Captured.Payload!).RootElement.GetProperty("text").GetString());
    }

    [Fact]
    public void An_encoder_of_the_users_is_used()
    {
        var tx = Captures.Transaction(Captures.Registration<Note>(new JsonSerializerOptions { Encoder = JavaScriptEncoder.Default }));

        tx.Publish(new Note("ä\uFFFD"), "n1");

        Assert.Equal("""{"Text":"\u00E4\uFFFD"}""", tx.Captured.Payload);
    }

    [Theory]
    [InlineData("", '\uD83D', "")]
    [InlineData("cut ", '\uD83D', " here")]
    [InlineData("", '\uDE00', " first")]
    public void Half_of_a_surrogate_pair_is_refused(string before, int half, string after)
    {
        // An attribute cannot hold it.
        var text = before + (char)half + after;
        foreach (var encoder in new[] { null, JavaScriptEncoder.Default, JavaScriptEncoder.UnsafeRelaxedJsonEscaping })
        {
            var tx = Captures.Transaction(Captures.Registration<Note>(new JsonSerializerOptions { Encoder = encoder }), Captures.Registration<Groesse>());
            Assert.Contains("surrogate", tx.Refused(x => x.Publish(new Note(text), "n1")), StringComparison.Ordinal);
            Assert.Contains("surrogate", tx.Refused(x => x.Publish(new Groesse(1, new() { [text] = "" }), "n1")), StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "is empty")]
    [InlineData("null", "PublishTombstone")]
    [InlineData("{\"a\":", "cannot be stored as JSON")]
    [InlineData("{} {}", "cannot be stored as JSON")]
    [InlineData("hello", "cannot be stored as JSON")]
    public void What_a_converter_writes_must_be_JSON(string written, string reason) =>
        Assert.Contains(reason, Captures.Transaction(Captures.Registration<Note>(new JsonSerializerOptions { Converters = { new Writes(written) } }))
            .Refused(tx => tx.Publish(new Note(""), "n1")), StringComparison.Ordinal);

    private sealed class Writes(string text) : JsonConverter<Note>
    {
        public override Note Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

        public override void Write(Utf8JsonWriter writer, Note value, JsonSerializerOptions options)
        {
            if (text.Length > 0)
            {
                writer.WriteRawValue(Encoding.UTF8.GetBytes(text), skipInputValidation: true);
            }
        }
    }
}
