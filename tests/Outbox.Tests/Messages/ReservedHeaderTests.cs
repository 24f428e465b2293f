using System.Reflection;
using Outbox.Kafka.Formats;
using Outbox.Messages;
using Outbox.Tests.Delivery;

namespace Outbox.Tests.Messages;

/// <summary>The list of reserved headers, held against what is written and read.</summary>
public sealed class ReservedHeaderTests
{
    public static TheoryData<MessageFormat> Formats => [.. Enum.GetValues<MessageFormat>()];

    [Theory]
    [MemberData(nameof(Formats))]
    public void What_a_format_writes_of_its_own_no_message_may_bring(MessageFormat format)
    {
        var plain = Samples.Message("o1") with
        {
            Format = format,
            Headers = new Dictionary<string, string> { ["own"] = "1", [MessageHeaders.CorrelationId] = "c", [MessageHeaders.CausationId] = "d", [MessageHeaders.Source] = "tests" },
        };

        var written = new[] { plain, plain with { Payload = null }, plain with { SchemaVersion = 2 } }
            .SelectMany(message => WireFormats.Write(message).Headers ?? []).Select(header => header.Key).Distinct().Where(name => name != "own").ToList();

        Assert.NotEmpty(written);
        Assert.All(written, name => Assert.True(ReservedHeaders.Contains(name), $"A message may bring the header '{name}', which {format} writes itself."));
    }

    [Fact]
    public void Each_header_that_the_framework_has_a_name_for_is_reserved()
    {
        var names = typeof(MessageHeaders).GetFields(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(field => field.IsLiteral && field.FieldType == typeof(string)).Select(field => (string)field.GetRawConstantValue()!).ToList();

        Assert.Contains(MessageHeaders.ReplayFor, names);
        Assert.All(names, name => Assert.True(ReservedHeaders.Contains(name), $"'{name}' is not reserved."));
    }
}
