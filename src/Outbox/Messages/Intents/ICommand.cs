namespace Outbox.Messages.Intents;

/// <summary>Marks a message that says "please change your state". Registering it as anything else is an error.</summary>
public interface ICommand;
