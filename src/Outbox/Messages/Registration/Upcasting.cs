using System.Text.Json;
using System.Text.Json.Nodes;

namespace Outbox.Messages.Registration;

/// <summary>Changes the JSON of older schema versions, step by step, into that of the current one.</summary>
public sealed class Upcasting
{
    private readonly int _current;
    private readonly IReadOnlyDictionary<int, Func<JsonObject, JsonObject>> _steps;

    internal Upcasting(int current, IReadOnlyDictionary<int, Func<JsonObject, JsonObject>> steps) => (_current, _steps) = (current, steps);

    /// <summary>For types that have had one schema only.</summary>
    public static Upcasting None { get; } = new(1, new Dictionary<int, Func<JsonObject, JsonObject>>());

    /// <summary>Gives a payload as the current schema version has it.</summary>
    /// <exception cref="OutboxException">The version is newer than this service knows, or so old that no step is left for it.</exception>
    /// <exception cref="JsonException">The payload is not a JSON object.</exception>
    public JsonObject Upcast(ReadOnlyMemory<byte> payload, int schemaVersion)
    {
        if (schemaVersion > _current)
        {
            throw new OutboxException(
                $"its schemaVersion is {schemaVersion}, and this service knows versions up to {_current}. Deploy consumers before producers, then process it again");
        }

        var json = JsonNode.Parse(payload.Span) as JsonObject ?? throw new JsonException($"a payload of schemaVersion {schemaVersion} must be a JSON object to be upcast");
        for (var version = schemaVersion; version < _current; version++)
        {
            json = _steps.TryGetValue(version, out var step)
                ? step(json)
                : throw new OutboxException($"its schemaVersion is {schemaVersion}, and there is no m.Upcast({version}, …)");
        }

        return json;
    }
}
