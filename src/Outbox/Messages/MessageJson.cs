using System.Text.Json;
using System.Text.Json.Serialization;
using Outbox.Messages.Payloads;

namespace Outbox.Messages;

/// <summary>The JSON of payloads unless a registration brings its own.</summary>
public static class MessageJson
{
    /// <summary>camelCase names, case-insensitive reading, enums as strings, unknown fields ignored; text as it is, without escapes for letters that are not ASCII.</summary>
    public static JsonSerializerOptions Default { get; } = Create();

    private static JsonSerializerOptions Create()
    {
        var options = new JsonSerializerOptions(JsonSerializerDefaults.Web)
        {
            Converters = { new JsonStringEnumConverter() },
            Encoder = PayloadEncoder.Instance,
        };
        options.MakeReadOnly(populateMissingResolver: true);
        return options;
    }
}
