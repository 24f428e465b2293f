using Outbox.Tests.Docs;

namespace Outbox.Tests.Standards;

public sealed class EventIdTests
{
    /// <summary>The first words of a namespace below its project that fit, with the range of ids.</summary>
    private static readonly (string Place, int From)[] Ranges =
    [
        ("History", 500), ("Inbox.Projecting", 500), ("Capture", 100), ("Sessions", 100), ("Payloads", 100), ("Delivery", 200), ("Statistics", 200), ("Inbox", 300), ("Asking", 300), ("Versioning", 400), ("Operations", 600), ("Dashboard", 600), ("Aspire", 900),
    ];

    [Fact]
    public void No_two_log_lines_have_the_same_id() => Rule.Holds(
        LogEvents.All.GroupBy(log => log.Id).Where(same => same.Count() > 1).Select(same => $"{same.Key}: {string.Join(", ", same.Select(log => $"{log.Place}.{log.Name}"))}"),
        "Somebody who looks an id up finds one line:");

    [Fact]
    public void An_id_tells_its_stage() => Rule.Holds(
        LogEvents.All.Where(log => RangeOf(log) is not { } from || log.Id < from || log.Id >= from + 100).Select(log => $"{log.Id} {log.Place}.{log.Name}"),
        "Ids are 1xx in Capture, 2xx in Delivery, 3xx in Inbox, 4xx in Versioning, 5xx in History, 6xx in Operations, 9xx in Aspire, and below 100 where MongoDB is installed. Outside of them are:");

    private static int? RangeOf(LogEvents.LogEvent log) => log.Place switch
    {
        "Outbox.MongoDb.Installation" => 0,
        "Outbox.Kafka.Installation" => 200,
        _ => Ranges.Where(range => log.Place.Contains($".{range.Place}", StringComparison.Ordinal)).Select(range => (int?)range.From).FirstOrDefault(),
    };
}
