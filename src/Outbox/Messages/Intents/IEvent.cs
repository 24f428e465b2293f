namespace Outbox.Messages.Intents;

/// <summary>Marks a message that says "my state has changed". Registering it as anything else is an error.</summary>
public interface IEvent;
