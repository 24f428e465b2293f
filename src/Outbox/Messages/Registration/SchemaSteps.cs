using System.Text.Json.Nodes;

namespace Outbox.Messages.Registration;

/// <summary>Collects the steps from one schema version to the next.</summary>
internal sealed class SchemaSteps
{
    private readonly Dictionary<int, Func<JsonObject, JsonObject>> _steps = [];

    public void Add(int from, Func<JsonObject, JsonObject> step)
    {
        if (!_steps.TryAdd(from, step))
        {
            throw new OutboxConfigurationException($"m.Upcast({from}, …) is called twice for one message type. Keep one.");
        }
    }

    /// <exception cref="OutboxConfigurationException">Steps are missing, or lead beyond the current version.</exception>
    public Upcasting Build(MessageRegistration registration, int current)
    {
        if (current < 1)
        {
            throw new OutboxConfigurationException($"The schemaVersion of '{registration.Type}' is {current}. Versions start at 1.");
        }

        if (_steps.Keys.FirstOrDefault(from => from < 1 || from >= current) is var beyond && _steps.ContainsKey(beyond))
        {
            throw new OutboxConfigurationException(
                $"'{registration.Type}' has m.Upcast({beyond}, …), but its schemaVersion is {current}. Steps lead from versions 1 to {current - 1} to the next.");
        }

        var oldest = _steps.Count == 0 ? current : _steps.Keys.Min();
        for (var version = oldest; version < current; version++)
        {
            if (!_steps.ContainsKey(version))
            {
                throw new OutboxConfigurationException(
                    $"'{registration.Type}' upcasts from schemaVersion {oldest}, but m.Upcast({version}, …) is missing on the way to {current}.");
            }
        }

        return new Upcasting(current, _steps);
    }
}
