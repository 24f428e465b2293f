using System.Text.Json;
using System.Text.Json.Serialization;

namespace Outbox.Dashboard.Api.Answering;

/// <summary>Times in ISO 8601, in UTC. A time without an offset is in UTC too, and not of the server's zone.</summary>
internal sealed class UtcTimes : JsonConverter<DateTimeOffset>
{
    public override DateTimeOffset Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        !reader.TryGetDateTimeOffset(out var time) ? throw new JsonException()
        : reader.GetDateTime() is { Kind: DateTimeKind.Unspecified } bare ? new DateTimeOffset(bare, TimeSpan.Zero)
        : time.ToUniversalTime();

    public override void Write(Utf8JsonWriter writer, DateTimeOffset value, JsonSerializerOptions options) => writer.WriteStringValue(value.UtcDateTime);
}
