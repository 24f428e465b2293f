using System.Globalization;
using System.Text.Json;
using MongoDB.Bson;
using Outbox.Cli.Importing.Pending;
using Outbox.Cli.Importing.Rules;
using Outbox.Messages;

namespace Outbox.Cli.Importing.Cap;

/// <summary>Reads documents of CAP's <c>cap.published</c> and <c>cap.received</c>.</summary>
internal sealed class CapMessages(CapTimes times, string? version)
{
    private const string MessageId = "cap-msg-id";
    private const string Type = "cap-msg-type";
    private const string CorrelationId = "cap-corr-id";
    private const string SentTime = "cap-senttime";
    private const string Key = "cap-kafka-key";

    /// <summary>CAP's headers that a record of ours has anyway, or that speak of one process alone.</summary>
    private static readonly HashSet<string> Own = [MessageId, "cap-msg-name", Type, CorrelationId, SentTime, Key, "cap-msg-group", "cap-delaytime", "cap-exception", "cap-exec-instance-id"];

    public PendingDocument? Read(BsonDocument document, DateTimeOffset now)
    {
        try
        {
            var written = document.Needed("Version");
            var mark = CapMark.Of(written);
            if (version is not null && (mark?.Version ?? written) != version)
            {
                return null;
            }

            var (state, reason) = StateOf(document, mark, now);
            var isTold = state is PendingState.CannotBeRead or PendingState.SentByThem;
            return new PendingDocument(document["_id"], state) { Unit = document["_id"], Reason = reason, Message = isTold ? null : MessageOf(document) };
        }
        catch (Exception error) when (error is FormatException or JsonException or KeyNotFoundException or ArgumentException or InvalidOperationException)
        {
            return PendingDocument.Unreadable(document, error.Message);
        }
    }

    private (PendingState State, string? Reason) StateOf(BsonDocument document, CapMark? mark, DateTimeOffset now)
    {
        var status = document.Needed("StatusName");
        if (mark is { } marked)
        {
            return status == "Succeeded" ? (PendingState.SentByThem, null)
                : now - marked.At < times.Settle ? (PendingState.Settling, "marked; CAP may still be sending it") : (PendingState.Ready, null);
        }

        var since = (status == "Queued" ? document.Time("ExpiresAt") : document.Time("Added")) ?? throw new FormatException("Added is missing");
        var retries = document.GetValue("Retries", 0).ToInt64();
        return status switch
        {
            "Delayed" => (PendingState.Ready, null),
            "Failed" when retries >= times.MostRetries && !times.GivenUpToo => (PendingState.CannotBeRead, $"CAP has given it up after {retries} attempts: --given-up moves it all the same"),
            "Scheduled" or "Failed" or "Queued" => now - since >= times.Lookback ? (PendingState.ToMark, null) : (PendingState.TheirsYet, "in the memory of the process that stored it"),
            _ => (PendingState.CannotBeRead, $"has the status '{status}', which CAP's outbox has not"),
        };
    }

    private static PendingMessage MessageOf(BsonDocument document)
    {
        var name = document.Needed("Name");
        using var content = JsonDocument.Parse(document.Needed("Content"));
        if (content.RootElement.ValueKind != JsonValueKind.Object || !content.RootElement.TryGetProperty("Headers", out var json) || !content.RootElement.TryGetProperty("Value", out var value))
        {
            throw new FormatException("Content has no Headers and Value: CAP 3.0 and later write them");
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            throw new FormatException("its Value is null, and a message says something");
        }

        var headers = StoredFields.Headers(json);
        var id = headers.GetValueOrDefault(MessageId) ?? document["_id"].ToString()!;
        var type = headers.GetValueOrDefault(Type) is { Length: > 0 } said ? said : name;
        var isDelayed = document.Text("StatusName") is "Delayed" or "Queued";
        var given = headers.GetValueOrDefault(Key) is { Length: > 0 } key ? key : null;
        return new PendingMessage(id, name, value.GetRawText())
        {
            Aliases = [type, SourceNames.Simple(type)],
            Type = SourceNames.Kebab(type),
            Topic = name,
            Key = given,
            CorrelationId = headers.GetValueOrDefault(CorrelationId),
            SentAt = SentAt(headers) ?? document.Time("Added") ?? throw new FormatException("Added is missing"),
            NotBefore = isDelayed ? document.Time("ExpiresAt") : null,
            Headers = headers.Where(header => !Own.Contains(header.Key) && (!ReservedHeaders.Contains(header.Key) || IsCarried(header.Key))).ToDictionary(),
            Received = document.Contains("Group") ? CapRecord.Of(document, headers, value, given ?? id) : null,
        };
    }

    private static bool IsCarried(string name) =>
        name.StartsWith("cap-", StringComparison.Ordinal) || name is MessageHeaders.TraceParent or MessageHeaders.TraceState or MessageHeaders.Baggage;

    /// <summary>CAP writes it as the culture of its process has it, and in a delayed message the time that it is due at: where it is not certain, the document's own time counts.</summary>
    private static DateTimeOffset? SentAt(Dictionary<string, string> headers) =>
        !headers.ContainsKey("cap-delaytime") && headers.TryGetValue(SentTime, out var text)
        && DateTimeOffset.TryParseExact(text, "o", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : null;
}
