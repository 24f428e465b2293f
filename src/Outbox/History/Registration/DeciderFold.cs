using System.Text.Json;

namespace Outbox.History.Registration;

/// <summary>The fold of a decider, whose state is a value.</summary>
internal sealed class DeciderFold<TState>(IFold<TState> fold, JsonSerializerOptions json) : StateFold
    where TState : class
{
    internal override object Begin(string id) => fold.Initial;

    internal override object Apply(object state, object @event, long version) => fold.Evolve((TState)state, @event);

    internal override string Write(object state) => JsonSerializer.Serialize((TState)state, json);

    internal override object Read(string stored, string id, long version) => JsonSerializer.Deserialize<TState>(stored, json) ?? throw new JsonException("it is null");
}
