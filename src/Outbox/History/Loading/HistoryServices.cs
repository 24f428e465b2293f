using Outbox.History.Registration;
using Outbox.Messages.Registration;

namespace Outbox.History.Loading;

/// <summary>What loading and appending need, whatever the store.</summary>
internal sealed class HistoryServices(MessageRegistry messages, StateRegistry states, StateLoader loader)
{
    public MessageRegistry Messages => messages;

    public StateRegistry States => states;

    public StateLoader Loader => loader;
}
