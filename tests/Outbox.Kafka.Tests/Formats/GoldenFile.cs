using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Confluent.Kafka;
using Outbox.Kafka.Formats.Wire;

namespace Outbox.Kafka.Tests.Formats;

/// <summary>A Kafka message as a file.</summary>
internal static class GoldenFile
{
    public const string Accept = "OUTBOX_ACCEPT_GOLDEN";

    private static readonly JsonSerializerOptions Pretty = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Text(Message<string, byte[]?> message) => new JsonObject
    {
        ["key"] = message.Key,
        ["headers"] = new JsonArray([.. message.Headers.Select(header => (JsonNode)$"{header.Key}: {Encoding.UTF8.GetString(header.GetValueBytes())}")]),
        ["value"] = message.Value is null ? null : Encoding.UTF8.GetString(message.Value),
        ["timestamp"] = message.Timestamp.UnixTimestampMs,
    }.ToJsonString(Pretty).ReplaceLineEndings("\n") + "\n";

    public static Message<string, byte[]?> Parse(string text)
    {
        var file = JsonNode.Parse(text)!.AsObject();
        var headers = new Headers();
        foreach (var line in file["headers"]!.AsArray())
        {
            var (name, value) = (line!.GetValue<string>().Split(": ", 2)[0], line.GetValue<string>().Split(": ", 2)[1]);
            headers.Add(name, Encoding.UTF8.GetBytes(value));
        }

        return new Message<string, byte[]?>
        {
            Key = file["key"]!.GetValue<string>(),
            Value = file["value"] is { } value1 ? Encoding.UTF8.GetBytes(value1.GetValue<string>()) : null,
            Headers = headers,
            Timestamp = new Timestamp(file["timestamp"]!.GetValue<long>(), TimestampType.CreateTime),
        };
    }

    public static string PathOf(string name)
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "Outbox.sln")))
            {
                return Path.Combine(folder.FullName, "tests", "Outbox.Kafka.Tests", "Formats", "Golden", name + ".json");
            }
        }

        throw new InvalidOperationException("The tests do not run inside the repository: no Outbox.sln above them.");
    }
}
