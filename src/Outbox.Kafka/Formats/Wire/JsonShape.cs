using System.Text.Json;

namespace Outbox.Kafka.Formats.Wire;

/// <summary>What a value without any known header looks like.</summary>
/// <param name="IsObject">Whether it is a JSON object at all.</param>
/// <param name="IsCloudEvent">Whether it is a CloudEvent in structured mode.</param>
/// <param name="IsEnvelope">Whether it is an envelope.</param>
internal readonly record struct JsonShape(bool IsObject, bool IsCloudEvent, bool IsEnvelope)
{
    [Flags]
    private enum Fields
    {
        None = 0,
        Type = 1,
        SpecVersion = 2,
        Id = 4,
        Source = 8,
        EntityId = 16,
        Payload = 32,
        CloudEvent = SpecVersion | Id | Source | Type,
        Envelope = EntityId | Type | Payload,
    }

    public static JsonShape Of(ReadOnlySpan<byte> value)
    {
        try
        {
            var json = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = WireLimits.JsonDepth });
            if (!json.Read() || json.TokenType != JsonTokenType.StartObject)
            {
                return default;
            }

            var found = Fields.None;
            while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
            {
                found |= Field(json);
                json.Skip();
            }

            return new JsonShape(true, found.HasFlag(Fields.CloudEvent), found.HasFlag(Fields.Envelope));
        }
        catch (JsonException)
        {
            return default;
        }
    }

    private static Fields Field(in Utf8JsonReader json)
    {
        if (json.ValueTextEquals("type"u8))
        {
            return Fields.Type;
        }

        if (json.ValueTextEquals("specversion"u8))
        {
            return Fields.SpecVersion;
        }

        if (json.ValueTextEquals("id"u8))
        {
            return Fields.Id;
        }

        if (json.ValueTextEquals("source"u8))
        {
            return Fields.Source;
        }

        return json.ValueTextEquals("entityId"u8) ? Fields.EntityId : json.ValueTextEquals("payload"u8) ? Fields.Payload : Fields.None;
    }
}
