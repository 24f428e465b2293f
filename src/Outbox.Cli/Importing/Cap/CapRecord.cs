using System.Globalization;
using System.Text;
using System.Text.Json;
using MongoDB.Bson;
using Outbox.Cli.Importing.Pending;

namespace Outbox.Cli.Importing.Cap;

/// <summary>The Kafka record of a message that CAP has received, as its producer wrote it.</summary>
internal static class CapRecord
{
    private const string Exception = "cap-exception";
    private const string DataUri = "data:";
    private const string Base64 = ";base64,";

    /// <summary>What CAP has added when it received and ran the message.</summary>
    private static readonly HashSet<string> Added = ["cap-msg-group", Exception, "cap-exec-instance-id"];

    public static ReceivedRecord Of(BsonDocument document, IReadOnlyDictionary<string, string> headers, JsonElement value, string key)
    {
        var number = document["_id"] is { IsNumeric: true } id ? id.ToInt64() : long.Parse(document["_id"].ToString()!, CultureInfo.InvariantCulture);
        var error = headers.GetValueOrDefault(Exception);
        return new ReceivedRecord(document.Needed("Group"), number, Encoding.UTF8.GetBytes(key), ValueOf(value, error is not null))
        {
            Headers = [.. headers.Where(header => !Added.Contains(header.Key)).Select(header => KeyValuePair.Create(header.Key, (byte[]?)Encoding.UTF8.GetBytes(header.Value)))],
            Attempts = document.GetValue("Retries", 0).ToInt32(),
            Error = error,
        };
    }

    /// <summary>What CAP could not read it keeps as the bytes that came, in a data URI.</summary>
    private static byte[] ValueOf(JsonElement value, bool hasFailed)
    {
        var text = hasFailed && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        var at = text.StartsWith(DataUri, StringComparison.Ordinal) ? text.IndexOf(Base64, StringComparison.Ordinal) : -1;
        return at < 0 ? Encoding.UTF8.GetBytes(value.GetRawText()) : Convert.FromBase64String(text[(at + Base64.Length)..]);
    }
}
