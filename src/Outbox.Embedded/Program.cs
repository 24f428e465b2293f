Console.WriteLine("Outbox.Embedded");
