namespace Outbox.Messages.Intents;

/// <summary>Marks a message that says "tell me". It is asked and answered at once; registering or capturing it is an error.</summary>
public interface IQuery;
