using System.Text.Json;

namespace Outbox.History.Registration;

/// <summary>An aggregate is its own fold. A snapshot is its fields, also the private ones.</summary>
internal sealed class AggregateFold<T> : StateFold
    where T : Aggregate
{
    private readonly JsonSerializerOptions _json;

    /// <exception cref="OutboxConfigurationException">There is no way to make an empty one.</exception>
    public AggregateFold(JsonSerializerOptions json)
    {
        if (typeof(T).IsAbstract || AggregateFields.Constructor(typeof(T)) is null)
        {
            throw new OutboxConfigurationException(
                $"{typeof(T).FullName} is {(typeof(T).IsAbstract ? "abstract" : "without a constructor that has no parameters")}: history makes an empty one and replays its events. "
                + $"Add a private {typeof(T).Name}() that sets nothing.");
        }

        _json = AggregateFields.With(json);
    }

    internal override object Begin(string id)
    {
        var aggregate = (Aggregate)AggregateFields.Constructor(typeof(T))!.Invoke(null);
        aggregate.Begin(id, version: 0);
        return aggregate;
    }

    internal override object Apply(object state, object @event, long version)
    {
        ((Aggregate)state).Replay(@event, version);
        return state;
    }

    internal override string Write(object state) => JsonSerializer.Serialize((T)state, _json);

    internal override object Read(string json, string id, long version)
    {
        var aggregate = JsonSerializer.Deserialize<T>(json, _json) ?? throw new JsonException("it is null");
        aggregate.Begin(id, version);
        return aggregate;
    }
}
