using System.Text;
using System.Text.Json;
using Outbox.Kafka.Formats;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>Letters of any language are written as they are, in two to four bytes instead of six to twelve.</summary>
public sealed class TextTests
{
    private const string Letters = "häßlich 日本 𠮷 😀 <b>'&+\u2028";

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEvents)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    [InlineData(MessageFormat.MassTransit)]
    public void Nothing_but_what_JSON_forbids_is_escaped(MessageFormat format)
    {
        var message = Samples.Message(format) with
        {
            MessageId = Letters,
            EntityId = Letters,
            EntityType = Letters,
            Type = Letters,
            Payload = $$"""{"note":"{{Letters}}"}""",
            Headers = new Dictionary<string, string> { ["correlationId"] = Letters, ["source"] = Letters, ["own"] = Letters },
        };

        var written = WireFormats.Write(message);

        Assert.DoesNotContain("\\u", Encoding.UTF8.GetString(written.Value!), StringComparison.Ordinal);
        Assert.Contains(Letters, Encoding.UTF8.GetString(written.Value!), StringComparison.Ordinal);
        Assert.Equal(Letters, Encoding.UTF8.GetString(written.Headers.GetLastBytes("own")));
        var read = Wires.Read(written);
        Assert.Equal((Letters, Letters, Letters, Letters, Letters), (read.MessageId, read.EntityId, read.EntityType, read.Type, read.CorrelationId));
    }

    [Theory]
    [InlineData(MessageFormat.Envelope)]
    [InlineData(MessageFormat.CloudEventsStructured)]
    public void What_JSON_forbids_is_escaped(MessageFormat format)
    {
        var forbidden = string.Concat(Enumerable.Range(0, 0x20).Select(c => (char)c)) + "\"\\\u007F" + new string('"', 3_000);
        var written = WireFormats.Write(Samples.Message(format) with { EntityType = forbidden });

        using var json = JsonDocument.Parse(written.Value);
        Assert.Equal(forbidden, json.RootElement.GetProperty(format == MessageFormat.Envelope ? "entityType" : "entitytype").GetString());
    }
}
