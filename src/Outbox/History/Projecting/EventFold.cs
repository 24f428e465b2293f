namespace Outbox.History.Projecting;

/// <summary>What an event does to a row, whatever their types.</summary>
internal delegate object? EventFold(object? row, object @event, EventInfo info);
