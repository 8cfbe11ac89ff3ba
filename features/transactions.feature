Feature: Transactional enqueue
  A use case writes its data and enqueues the jobs that follow from it as one commit.

  Rule: A job enqueued in a unit of work exists if and only if that unit commits

    Background:
      Given a unit of work that wrote the note "order A-1001" and enqueued the job "receipt A-1001"

    Scenario: The unit commits
      When the unit of work commits
      Then the job "receipt A-1001" is ready
      And there is 1 job
      And the only note is "order A-1001"

    Scenario: The unit is rolled back
      When the unit of work is left by an error
      Then the job "receipt A-1001" does not exist
      And there is no note

    Scenario: The unit is cancelled
      When the unit of work is cancelled
      Then the job "receipt A-1001" does not exist
      And there is no note

    Scenario: An inner block that failed takes the whole unit along
      Given a block inside the unit of work failed, and its error was swallowed
      When the unit of work commits
      Then the unit of work fails, because "rolled back"
      And the job "receipt A-1001" does not exist
      And there is no note

    Scenario: A statement that failed takes the whole unit along
      Given a statement in the unit of work failed, and its error was swallowed
      When the unit of work commits
      Then the unit of work fails, because "rolled back"
      And the job "receipt A-1001" does not exist
      And there is no note

    Scenario: The jobs of all queues that took part exist together
      Given the unit of work enqueued the job "stock A-1001" on the queue "warehouse"
      When the unit of work commits
      Then the job "receipt A-1001" is ready
      And the job "stock A-1001" is ready

  Rule: Nobody sees a job before its unit of work commits

    Scenario: A worker looks for jobs meanwhile
      Given a unit of work that wrote the note "order A-1001" and enqueued the job "receipt A-1001"
      When a worker starts
      Then the job "receipt A-1001" does not run
      And there is no note

    Scenario: A worker that was there before runs the job once the unit commits
      Given a worker
      And a unit of work that wrote the note "order A-1001" and enqueued the job "receipt A-1001"
      When the unit of work commits
      Then the job "receipt A-1001" is completed
